package sh.cinch.releaseworker.send;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.Cause;

/**
 * Renews the claim of a download while it is being sent, and stops the transfer once the claim
 * cannot be renewed, it takes too long, or too little moves.
 */
final class ClaimHeartbeat implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ClaimHeartbeat.class);

  /** So long a claim lasts after it was renewed; several times as long as that takes. */
  static final Duration CLAIM = Duration.ofSeconds(20);

  private static final Duration EVERY = Duration.ofSeconds(4);

  private final BooleanSupplier renewal;
  private final VerifiedContent content;
  private final Duration longest;
  private final LeastRate least;
  private final CountDownLatch over = new CountDownLatch(1);
  private final long begun = System.nanoTime();
  private long spanBegun = begun;
  private long seenBefore;
  private final Thread thread;

  /**
   * @param renewal false where the claim is another instance's by now
   */
  ClaimHeartbeat(
      BooleanSupplier renewal, VerifiedContent content, Duration longest, LeastRate least) {
    this.renewal = renewal;
    this.content = content;
    this.longest = longest;
    this.least = least;
    this.thread = Thread.ofVirtual().name("claim-heartbeat").start(this::beat);
  }

  private void beat() {
    long renewed = begun;
    try {
      while (!over.await(between().toMillis(), TimeUnit.MILLISECONDS)) {
        long now = System.nanoTime();
        if (now - begun > longest.toNanos()) {
          content.stop(
              new Fault.Slow(
                  Cause.SOURCE,
                  "it did not get through within %d minutes".formatted(longest.toMinutes())));
          return;
        }
        if (now - spanBegun >= least.span().toNanos()) {
          if (!isFastEnough()) {
            return;
          }
          spanBegun = now;
          seenBefore = content.seen();
        }
        switch (renew()) {
          case RENEWED -> renewed = now;
          case LOST -> {
            content.stop(new Fault.Left("another instance has taken it over"));
            return;
          }
          case UNKNOWN -> {
            if (now - renewed > CLAIM.minus(EVERY).toNanos()) {
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

  private Duration between() {
    return least.span().compareTo(EVERY) < 0 ? least.span() : EVERY;
  }

  /** What waits for the last answer has nothing more to move. */
  private boolean isFastEnough() {
    long moved = content.seen() - seenBefore;
    if (moved >= least.bytes() || content.isAllSeen()) {
      return true;
    }
    content.stop(
        new Fault.Slow(
            content.isAskedFor() ? Cause.SOURCE : Cause.FORGE,
            "%s only %d bytes in %d seconds, and %d are the least (CINCH_RELEASE_LEAST_KIB)"
                .formatted(
                    content.isAskedFor() ? "the source gave" : "Bitbucket took",
                    moved,
                    least.span().toSeconds(),
                    least.bytes())));
    return false;
  }

  private enum Renewal {
    RENEWED,
    LOST,
    UNKNOWN
  }

  private Renewal renew() {
    try {
      return renewal.getAsBoolean() ? Renewal.RENEWED : Renewal.LOST;
    } catch (RuntimeException e) {
      log.warn("cannot renew the claim of a transfer", e);
      return Renewal.UNKNOWN;
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
