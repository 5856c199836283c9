package sh.cinch.service.exit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C and SIGTERM: the JVM waits until everything is closed. Where that takes longer than its
 * bound, nothing more can be expected, and the process ends as it is.
 */
public final class Stopping implements AutoCloseable {

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  /**
   * @param bound of all that happens from the signal on, other shutdown hooks included
   */
  public Stopping(Duration bound) {
    // Made now: whoever is stuck may have left no memory for a thread.
    Thread.ofPlatform().daemon().name("stopping-bound").start(() -> endAfter(bound));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  asked.countDown();
                  await(done);
                },
                "stopping"));
  }

  private void endAfter(Duration bound) {
    await(asked);
    LastResort.pause(bound);
    LastResort.end(
        LastResort.STUCK, "was asked to stop %d s ago and has not".formatted(bound.toSeconds()));
  }

  /** Returns once somebody wants the program to end. */
  public void await() {
    await(asked);
  }

  /** Everything is closed: the JVM may go. */
  @Override
  public void close() {
    done.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
