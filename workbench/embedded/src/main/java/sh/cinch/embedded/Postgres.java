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
public final class Postgres implements AutoCloseable {

  private static final Duration START_WITHIN = Duration.ofSeconds(30);
  private static final String LOG = "server.log";
  private static final int LOG_LINES_SHOWN = 8;

  private final Home home;
  private final int port;
  private final AtExit atExit;
  private @Nullable EmbeddedPostgres server;
  private boolean closed;

  private Postgres(Home home, int preferredPort, Duration exitGrace) {
    this.home = home;
    this.port = home.port(preferredPort);
    this.atExit = new AtExit(this::close, exitGrace);
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
    try {
      Postmaster.evict(home.data());
      Postgres postgres = new Postgres(home, preferredPort, exitGrace);
      postgres.start();
      return postgres;
    } catch (RuntimeException e) {
      home.close();
      throw e;
    }
  }

  private static void discard(Home abandoned) {
    Postmaster.evict(abandoned.data());
    abandoned.close();
  }

  // Synchronized with close: a JVM that exits meanwhile waits for the server, to stop it then.
  private synchronized void start() {
    try {
      atExit.arm();
      home.begin();
      server = builder().start();
      home.finished();
    } catch (IOException | RuntimeException e) {
      String log = endOfLog();
      close();
      throw new IllegalStateException(
          "PostgreSQL does not start in " + home.data() + ". The end of its log:\n" + log, e);
    }
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
        .setServerConfig("max_connections", "100")
        // The library turns these off for speed.
        .setServerConfig("fsync", durable)
        .setServerConfig("synchronous_commit", durable)
        .setServerConfig("full_page_writes", durable);
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

  int port() {
    return port;
  }

  /** The database {@code postgres}, as the user who may do anything. */
  public Database database() {
    return new Database("jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "");
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    atExit.disarm();
    try {
      if (server != null) {
        server.close();
      }
      // The library gives up on a slow stop and only logs that.
      Postmaster.evict(home.data());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot stop PostgreSQL in " + home.data(), e);
    } finally {
      home.close();
    }
  }
}
