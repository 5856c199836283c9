package sh.cinch.testkit;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port for a process that is started with it. It lies below those that the system gives to
 * connections: under load one of these would have taken it by then.
 */
public final class FreePort {

  private static final int LOWEST = 10_000;

  /** From here on are those of embedded servers. */
  private static final int BEYOND = 20_000;

  private static final int TRIES = 50;

  private FreePort() {}

  public static int next() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
      try (ServerSocket unused = new ServerSocket(port)) {
        return port;
      } catch (IOException taken) {
        // another one
      }
    }
    throw new AssertionError("no port is free");
  }
}
