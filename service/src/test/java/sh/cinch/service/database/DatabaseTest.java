package sh.cinch.service.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.service.Tables.OUTBOX;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jooq.JSONB;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.database.service.tables.records.OutboxRecord;
import sh.cinch.embedded.Postgres;
import sh.cinch.service.Backends;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.health.Check;
import sh.cinch.service.secret.Secret;

class DatabaseTest {

  @Test
  void whatStartedWithoutPostgresqlGoesOnOnceItIsThere(@TempDir Path folder) throws Exception {
    int port = freePort();
    Files.writeString(folder.resolve("password"), "postgres");
    DatabaseSettings settings =
        new DatabaseSettings(
            "jdbc:postgresql://localhost:%d/postgres".formatted(port),
            "postgres",
            Secret.of("postgres"));
    try (Database database = Database.open(settings)) {
      assertThat(database.check()).isEqualTo(new Check.Unwell("PostgreSQL does not answer"));
      try (Postgres postgres = Postgres.kept(folder, port)) {
        assertThat(postgres.database().url()).isEqualTo(settings.url());
        await()
            .atMost(Duration.ofSeconds(20))
            .untilAsserted(() -> assertThat(database.check()).isInstanceOf(Check.Well.class));
        assertThat(database.sql().fetchCount(OUTBOX)).isZero();
      }
    }
  }

  @Test
  void aTransactionThatThrowsLeavesNothing() {
    Database database = Backends.context().database();
    database.sql().execute("create table if not exists scratch (word text)");
    assertThatThrownBy(
            () ->
                database.write(
                    transaction -> {
                      transaction.execute("insert into scratch values ('half')");
                      throw new IllegalStateException("and then it broke");
                    }))
        .hasMessageContaining("and then it broke");
    assertThat(database.sql().fetch("select * from scratch")).isEmpty();
  }

  @Test
  void howATransactionEndedIsToldAfterwards() {
    Database database = Backends.context().database();
    List<Boolean> told = new ArrayList<>();
    database.write(
        transaction -> {
          Database.afterwards(transaction, told::add);
          assertThat(told).isEmpty();
        });
    assertThatThrownBy(
            () ->
                database.write(
                    transaction -> {
                      Database.afterwards(transaction, told::add);
                      throw new IllegalStateException("and then it broke");
                    }))
        .hasMessageContaining("and then it broke");
    assertThat(told).containsExactly(true, false);
    assertThatThrownBy(() -> Database.afterwards(database.sql(), told::add))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsInsertedLastIsThereTogetherAndInOrder() {
    Database database = Backends.context().database();
    String writer = "last " + UUID.randomUUID();
    database.write(
        transaction -> {
          Database.insertLast(transaction, row(writer, "a"));
          Database.insertLast(transaction, row(writer, null));
          Database.insertLast(transaction, row(writer, "c"));
          assertThat(transaction.fetchCount(OUTBOX, OUTBOX.WRITER.eq(writer))).isZero();
        });
    assertThatThrownBy(
            () ->
                database.write(
                    transaction -> {
                      Database.insertLast(transaction, row(writer, "d"));
                      throw new IllegalStateException("and then it broke");
                    }))
        .hasMessageContaining("and then it broke");
    Database.insertLast(database.sql(), row(writer, "e"));
    assertThat(
            database
                .sql()
                .selectFrom(OUTBOX)
                .where(OUTBOX.WRITER.eq(writer))
                .orderBy(OUTBOX.ID)
                .fetch(row -> row.getValue() == null ? null : new String(row.getValue(), UTF_8)))
        .containsExactly("a", null, "c", "e");
  }

  private static OutboxRecord row(String writer, @Nullable String value) {
    OutboxRecord row = new OutboxRecord();
    row.setWriter(writer);
    row.setTopic("scratch");
    row.setRecordKey(null);
    row.setHeaders(JSONB.valueOf("[]"));
    row.setValue(value == null ? null : value.getBytes(UTF_8));
    return row;
  }

  @Test
  void anErrorDoesNotRepeatTheRowsValues() {
    Database database = Backends.context().database();
    database.sql().execute("create table if not exists strict (word text primary key)");
    database.sql().execute("insert into strict values ('hunter2') on conflict do nothing");
    assertThatThrownBy(() -> database.sql().execute("insert into strict select word from strict"))
        .isInstanceOf(DataAccessException.class)
        .message()
        .doesNotContain("hunter2");
  }

  @Test
  void settingsThatPostgresqlRefusesAreSaidAtOnce() {
    try (Postgres postgres = Postgres.temporary()) {
      String url = postgres.database().url();
      String right = postgres.database().password();
      assertRefused(settings(url, "postgres", "wrong"), "CINCH_DATABASE_PASSWORD");
      assertRefused(settings(url, "nobody", right), "CINCH_DATABASE_USER");
      assertRefused(
          settings(url.replaceAll("/postgres$", "/elsewhere"), "postgres", right),
          "CINCH_DATABASE_URL");
    }
  }

  private static void assertRefused(DatabaseSettings settings, String named) {
    assertThatThrownBy(() -> Database.open(settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(named)
        .hasMessageContaining("PostgreSQL says FATAL");
  }

  private static DatabaseSettings settings(String url, String user, String password) {
    return new DatabaseSettings(url, user, Secret.of(password));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
