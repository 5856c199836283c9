package sh.cinch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class PostgresTest {

  @TempDir Path directory;

  @Test
  void keptDataIsAsSafeAsInAnyPostgresAlsoInADirectoryWithASpace() throws Exception {
    try (Postgres postgres = Postgres.kept(directory.resolve("my data"), 0)) {
      Sql sql = new Sql(postgres.database());
      assertThat(sql.ask("show fsync")).isEqualTo("on");
      assertThat(sql.ask("show synchronous_commit")).isEqualTo("on");
      assertThat(sql.ask("show full_page_writes")).isEqualTo("on");
    }
  }

  @Test
  void temporaryOneIsForThisMachineAndThePasswordAndGoneWhenClosed() throws Exception {
    Path data;
    try (Postgres postgres = Postgres.temporary()) {
      Sql sql = new Sql(postgres.database());
      data = Path.of(sql.ask("show data_directory"));
      assertThat(data).exists();
      assertThat(sql.ask("show listen_addresses")).isEqualTo("localhost");
      assertThat(sql.ask("show unix_socket_directories")).isEmpty();
      assertRefused(postgres.database(), "");
      assertRefused(postgres.database(), "wrong");
      // Letters are the same on every machine.
      assertThat(sql.ask("select lower('Ä')")).isEqualTo("ä");
      assertThat(sql.ask("select 'B' < 'a'")).isEqualTo("t");
    }
    assertThat(data.getParent()).doesNotExist();
  }

  @Test
  void dataOfAReleaseWithoutPasswordsIsKeptBehindOne() throws Exception {
    try (Postgres postgres = Postgres.kept(directory, 0)) {
      new Sql(postgres.database()).run("create table kept (); alter role postgres password null");
    }
    Path doors = directory.resolve("data/pg_hba.conf");
    Files.writeString(doors, "host all all all trust");
    Files.delete(directory.resolve("password"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

    try (Postgres postgres = Postgres.kept(directory, 0)) {
      assertThat(new Sql(postgres.database()).hasTable("kept")).isTrue();
      assertRefused(postgres.database(), "");
    }
    // And it stays so.
    try (Postgres postgres = Postgres.kept(directory, 0)) {
      assertThat(new Sql(postgres.database()).hasTable("kept")).isTrue();
      assertRefused(postgres.database(), "wrong");
    }
  }

  private static void assertRefused(Database database, String password) {
    assertThatThrownBy(
            () -> new Sql(new Database(database.url(), database.user(), password)).ask("select 1"))
        .isInstanceOf(SQLException.class)
        .extracting(refused -> ((SQLException) refused).getSQLState())
        .isIn("28P01", "08004"); // wrong; asked for, and not given
  }

  @Test
  void dataHalfMadeByAKilledStartIsMadeAnew() throws Exception {
    Files.createFile(directory.resolve("unfinished"));
    Files.writeString(
        Files.createDirectories(directory.resolve("data")).resolve("postgresql.conf"), "");

    try (Postgres postgres = Postgres.kept(directory, 0)) {
      assertThat(new Sql(postgres.database()).ask("select 1")).isEqualTo("1");
    }
  }

  @Test
  void refusalShowsWhatPostgresSaidAndFreesTheDirectory() throws Exception {
    Path data = Files.createDirectories(directory.resolve("data"));
    Files.writeString(data.resolve("somebody elses"), "file");

    assertThatThrownBy(() -> Postgres.kept(directory, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(data.toRealPath().toString())
        .hasMessageContaining("exists but is not empty");

    Files.delete(data.resolve("somebody elses"));
    try (Postgres postgres = Postgres.kept(directory, 0)) {
      assertThat(new Sql(postgres.database()).ask("select 1")).isEqualTo("1");
    }
  }
}
