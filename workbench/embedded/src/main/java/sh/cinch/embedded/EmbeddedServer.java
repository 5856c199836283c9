package sh.cinch.embedded;

import java.time.Duration;
import java.util.function.Supplier;

/** A server of this JVM in a directory of its own, stopped with the JVM at the latest. */
abstract class EmbeddedServer implements AutoCloseable {

  final Home home;
  final int port;
  final String password;
  private final AtExit atExit;
  private boolean closed;

  EmbeddedServer(Home home, int preferredPort, Duration exitGrace) {
    this.home = home;
    this.port = home.port(preferredPort);
    this.password = home.password();
    this.atExit = new AtExit(this::close, exitGrace);
  }

  /** Starts the program on its data, which {@link Home#begin} has looked at. */
  abstract void launch() throws Exception;

  /** Stops the program, if it was started. */
  abstract void halt();

  /** Why it did not start, for people. */
  abstract String reason(Exception e);

  static <S extends EmbeddedServer> S started(Home home, Supplier<S> made) {
    try {
      S server = made.get();
      server.start();
      return server;
    } catch (RuntimeException e) {
      home.close();
      throw e;
    }
  }

  // Synchronized with close: a JVM that exits meanwhile waits for the server, to stop it then.
  final synchronized void start() {
    try {
      atExit.arm();
      home.begin();
      launch();
    } catch (Exception e) { // Kafka's Scala declares none and throws any
      String reason = reason(e);
      close();
      throw new IllegalStateException(reason, e);
    }
  }

  final int port() {
    return port;
  }

  @Override
  public final synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    atExit.disarm();
    try {
      halt();
    } finally {
      home.close();
    }
  }
}
