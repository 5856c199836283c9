package sh.cinch.releaseworker.send;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says again and again that a place is still being filled, and stops the transfer once nobody can
 * be told, or it takes too long.
 */
final class ClaimHeartbeat implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ClaimHeartbeat.class);

  /**
   * So long a place is nobody else's after it was last said; several times as long as that takes.
   */
  static final Duration FOR = Duration.ofSeconds(20);

  private static final Duration EVERY = Duration.ofSeconds(4);

  private final BooleanSupplier again;
  private final VerifiedContent content;
  private final Duration longest;
  private final CountDownLatch over = new CountDownLatch(1);
  private final long begun = System.nanoTime();
  private final Thread thread;

  /**
   * @param again says it; false where the place is somebody else's by now
   */
  ClaimHeartbeat(BooleanSupplier again, VerifiedContent content, Duration longest) {
    this.again = again;
    this.content = content;
    this.longest = longest;
    this.thread = Thread.ofVirtual().name("hold").start(this::hold);
  }

  private void hold() {
    long said = begun;
    try {
      while (!over.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        if (System.nanoTime() - begun > longest.toNanos()) {
          content.stop(
              new Fault.Slow(
                  "it did not get through within %d minutes".formatted(longest.toMinutes())));
          return;
        }
        long now = System.nanoTime();
        switch (says()) {
          case YES -> said = now;
          case NO -> {
            content.stop(new Fault.Left("somebody else has taken it over"));
            return;
          }
          case UNKNOWN -> {
            if (now - said > FOR.minus(EVERY).toNanos()) {
              content.stop(new Fault.Left("the database could not be told that it goes on"));
              return;
            }
          }
        }
      }
    } catch (InterruptedException e) {
      content.stop(new Fault.Left("interrupted"));
    }
  }

  private enum Said {
    YES,
    NO,
    UNKNOWN
  }

  private Said says() {
    try {
      return again.getAsBoolean() ? Said.YES : Said.NO;
    } catch (RuntimeException e) {
      log.warn("cannot say that a transfer goes on", e);
      return Said.UNKNOWN;
    }
  }

  @Override
  public void close() {
    over.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
