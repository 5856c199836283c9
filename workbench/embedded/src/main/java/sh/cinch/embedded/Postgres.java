package sh.cinch.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of this JVM, on a port of localhost, where it asks for a password: other
 * people of this machine reach that port, too. It never outlives the JVM, unless that is killed:
 * then the next one started on the same directory stops it.
 */
public final class Postgres extends EmbeddedServer {

  private static final Duration START_WITHIN = Duration.ofSeconds(30);
  private static final String LOG = "server.log";
  private static final int LOG_LINES_SHOWN = 8;
  private static final String USER = "postgres";

  /** Who may come in, as {@code pg_hba.conf} has it. */
  private static final String DOORS =
      """
      # Written by Cinch: everybody needs a password.
      local all all scram-sha-256
      host all all 127.0.0.1/32 scram-sha-256
      host all all ::1/128 scram-sha-256
      """;

  private @Nullable EmbeddedPostgres server;

  private Postgres(Home home, int preferredPort, Duration exitGrace) {
    super(home, preferredPort, exitGrace);
  }

  /** A fast one for a test: on any port, durable against nothing, deleted on close. */
  public static Postgres temporary() {
    Home.abandoned("postgres", Instant.now()).forEach(Postgres::discard);
    return start(Home.temporary("postgres"), 0, Duration.ZERO);
  }

  /**
   * One whose data stays in this directory and is as safe as in any PostgreSQL.
   *
   * @param preferredPort taken if free, else another one, kept for the next time; 0 for any
   * @throws IllegalStateException if the directory is in use, or PostgreSQL does not start
   */
  public static Postgres kept(Path directory, int preferredPort) {
    return start(Home.kept(directory), preferredPort, Duration.ZERO);
  }

  static Postgres start(Home home, int preferredPort, Duration exitGrace) {
    return started(
        home,
        () -> {
          Postmaster.evict(home.data());
          return new Postgres(home, preferredPort, exitGrace);
        });
  }

  private static void discard(Home abandoned) {
    Postmaster.evict(abandoned.data());
    abandoned.close();
  }

  @Override
  void launch() throws IOException {
    server = builder().start();
    demandPassword(home.data().resolve("pg_hba.conf"), server);
    home.finished();
  }

  /** An earlier release let everybody in; new data only has its password hashed at another cost. */
  private void demandPassword(Path doors, EmbeddedPostgres open) throws IOException {
    if (Files.readString(doors).equals(DOORS)) {
      return;
    }
    try (Connection connection = open.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("alter role %s password '%s'".formatted(USER, password));
      // Whole: PostgreSQL does not start with half of one, and keeps the old one until told.
      OwnersFile.write(doors, DOORS);
      statement.execute("select pg_reload_conf()");
    } catch (SQLException e) {
      throw new IOException("Cannot give PostgreSQL a password", e);
    }
  }

  @Override
  void halt() {
    try {
      if (server != null) {
        server.close();
      }
      // The library gives up on a slow stop and only logs that.
      Postmaster.evict(home.data());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot stop PostgreSQL in " + home.data(), e);
    }
  }

  @Override
  String reason(Exception e) {
    return """
    PostgreSQL does not start in %s, or does not take the password in %s. The end of its log:
    %s\
    """
        .formatted(home.data(), home.file("password"), endOfLog());
  }

  private EmbeddedPostgres.Builder builder() {
    String durable = home.isKept() ? "on" : "off";
    Redirect log = Redirect.appendTo(home.file(LOG).toFile());
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(OwnDirectory.named("postgresql").toFile())
        .setDataDirectory(home.data())
        .setCleanDataDirectory(false)
        .setRegisterShutdownHook(false)
        .setPort(port)
        .setPGStartupWait(START_WITHIN)
        .setOutputRedirector(log)
        .setErrorRedirector(log)
        .setLocaleConfig("locale", "C")
        .setLocaleConfig("locale-provider", "builtin")
        .setLocaleConfig("builtin-locale", "C.UTF-8")
        // Not of the locale, but handed to initdb as well: no door is open, not even at first.
        .setLocaleConfig("auth-host", "scram-sha-256")
        .setLocaleConfig("auth-local", "scram-sha-256")
        .setLocaleConfig("pwfile", home.file("password").toString())
        .setConnectConfig("password", password)
        .setServerConfig("listen_addresses", "localhost")
        .setServerConfig("unix_socket_directories", "''")
        .setServerConfig("max_connections", "300")
        // The library turns these off for speed.
        .setServerConfig("fsync", durable)
        .setServerConfig("synchronous_commit", durable)
        .setServerConfig("full_page_writes", durable)
        // Tests have a database each: it would start a process for one of them every half second.
        .setServerConfig("autovacuum", durable)
        // What makes a stolen password file hard to use makes each connection of a test slower.
        .setServerConfig("scram_iterations", home.isKept() ? "4096" : "1");
  }

  private String endOfLog() {
    try {
      List<String> lines = Files.readAllLines(home.file(LOG));
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
    } catch (IOException none) {
      return "(none)";
    }
  }

  /** The database {@code postgres}, as the user who may do anything. */
  public Database database() {
    return new Database("jdbc:postgresql://localhost:" + port + "/postgres", USER, password);
  }
}
