package sh.cinch.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sh.cinch.embedded.Database;
import sh.cinch.embedded.Postgres;

/**
 * A database of every release becomes what a new one is. {@code -Dcinch.release=VERSION} keeps the
 * schema of this one.
 */
class ReleasedSchemasTest {

  private static final Path RELEASES = Path.of("..", "releases");
  private static final String DUMP = "database.sql";

  private static Postgres fresh;
  private static List<String> wanted;

  @BeforeAll
  static void migrateAFreshOne() throws IOException {
    fresh = Postgres.temporary();
    migrate(fresh.database());
    wanted = SchemaDump.of(sql(fresh.database()));
    String release = System.getProperty("cinch.release");
    if (release != null) {
      Path folder = Files.createDirectories(RELEASES.resolve(release));
      Files.writeString(folder.resolve(DUMP), SchemaDump.text(sql(fresh.database())));
    }
  }

  @AfterAll
  static void close() {
    fresh.close();
  }

  static Stream<Path> releases() throws IOException {
    try (Stream<Path> folders = Files.list(RELEASES)) {
      return folders.filter(Files::isDirectory).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void becomesWhatANewOneIs(Path release) throws IOException {
    try (Postgres postgres = Postgres.temporary()) {
      DSLContext sql = sql(postgres.database());
      SchemaDump.statements(Files.readString(release.resolve(DUMP))).forEach(sql::execute);
      migrate(postgres.database());

      assertThat(SchemaDump.of(sql)).containsExactlyElementsOf(wanted);
    }
  }

  @Test
  void aDumpTellsTablesColumnsKeysAndIndexesApart() {
    assertThat(wanted)
        .anyMatch(statement -> statement.startsWith("create table ingress.hook ("))
        .anyMatch(statement -> statement.contains(" PRIMARY KEY "))
        .anyMatch(statement -> statement.startsWith("CREATE INDEX "))
        .anyMatch(statement -> statement.contains("V1__service.sql"));
  }

  private static void migrate(Database database) {
    Flyway.configure()
        .dataSource(database.url(), database.user(), database.password())
        .load()
        .migrate();
  }

  private static DSLContext sql(Database database) {
    return DSL.using(database.url(), database.user(), database.password());
  }
}
