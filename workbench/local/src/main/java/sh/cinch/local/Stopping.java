package sh.cinch.local;

import java.util.concurrent.CountDownLatch;

/** Ctrl-C and SIGTERM: the JVM waits until everything is closed. */
final class Stopping implements AutoCloseable {

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  Stopping() {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  asked.countDown();
                  await(done);
                },
                "stopping"));
  }

  /** Returns once somebody wants the program to end. */
  void await() {
    await(asked);
  }

  boolean isAsked() {
    return asked.getCount() == 0;
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
