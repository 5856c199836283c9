package sh.cinch.acceptance.soak;

import java.io.IOException;
import java.time.Duration;

/**
 * One kind of hostile connection.
 *
 * @param port where it connects to
 * @param again how long after its end it is made again
 */
record Kind(String name, int port, Duration again, Talk talk) {

  /** What is done with a connection that is open; it is closed and made again afterwards. */
  @FunctionalInterface
  interface Talk {
    void over(Line line) throws IOException, InterruptedException;
  }
}
