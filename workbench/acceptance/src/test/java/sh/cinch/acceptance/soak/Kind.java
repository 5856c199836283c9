package sh.cinch.acceptance.soak;

import java.io.IOException;

/**
 * One kind of hostile connection.
 *
 * @param port where it connects to
 */
record Kind(String name, int port, Talk talk) {

  /** What is done with a connection that is open; it is closed and made again afterwards. */
  @FunctionalInterface
  interface Talk {
    void over(Line line) throws IOException, InterruptedException;
  }
}
