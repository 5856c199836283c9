package sh.cinch.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of this JVM, on a port of localhost. It never outlives the JVM, unless that
 * is killed: then the next one started on the same directory stops it.
 */
public final class Postgres extends EmbeddedServer {

  private static final Duration START_WITHIN = Duration.ofSeconds(30);
  private static final String LOG = "server.log";
  private static final int LOG_LINES_SHOWN = 8;

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
    home.finished();
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
    return "PostgreSQL does not start in %s. The end of its log:\n%s"
        .formatted(home.data(), endOfLog());
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
        .setServerConfig("listen_addresses", "localhost")
        .setServerConfig("unix_socket_directories", "''")
        .setServerConfig("max_connections", "300")
        // The library turns these off for speed.
        .setServerConfig("fsync", durable)
        .setServerConfig("synchronous_commit", durable)
        .setServerConfig("full_page_writes", durable)
        // Tests have a database each: it would start a process for one of them every half second.
        .setServerConfig("autovacuum", durable);
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
    return new Database("jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "");
  }
}
