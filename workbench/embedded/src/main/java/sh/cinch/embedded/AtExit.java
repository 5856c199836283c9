package sh.cinch.embedded;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a server when the JVM exits and nobody else has. Shutdown hooks run all at once, so this
 * one first leaves the program's own hook time to finish what still needs the server.
 */
final class AtExit {

  private static final Logger LOG = LoggerFactory.getLogger(AtExit.class);

  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread hook;

  AtExit(Runnable close, Duration grace) {
    hook =
        new Thread(
            () -> {
              awaitOwner(grace);
              close.run();
            },
            "close-at-exit");
  }

  private void awaitOwner(Duration grace) {
    try {
      if (!closing.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("The JVM exits and nobody has closed this server");
      }
    } catch (InterruptedException closeNow) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * From now on the server is closed when the JVM exits.
   *
   * @throws IllegalStateException if the JVM exits already
   */
  void arm() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The owner closes by itself. */
  void disarm() {
    closing.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException exiting) {
      // The hook runs already, and will find the server closed.
      return;
    }
  }
}
