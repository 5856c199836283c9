package sh.cinch.releaseworker.send;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sh.cinch.forge.Cause;

/** Stops a content that takes too long, or of which too little moves. */
final class ContentWatch implements AutoCloseable {

  private final VerifiedContent content;
  private final Duration longest;
  private final LeastRate least;
  private final CountDownLatch over = new CountDownLatch(1);
  private final long begun = System.nanoTime();
  private final Thread thread;
  private long seenBefore;

  ContentWatch(VerifiedContent content, Duration longest, LeastRate least) {
    this.content = content;
    this.longest = longest;
    this.least = least;
    this.thread = Thread.ofVirtual().name("content-watch").unstarted(this::watch);
  }

  void start() {
    thread.start();
  }

  private void watch() {
    try {
      while (!over.await(Math.min(least.span().toNanos(), left()), TimeUnit.NANOSECONDS)) {
        if (!look()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      content.stop(new Fault.Left("interrupted"));
    }
  }

  private long left() {
    return longest.toNanos() - (System.nanoTime() - begun);
  }

  /**
   * Looks what has moved since the look before, a span ago.
   *
   * @return false where it was stopped
   */
  boolean look() {
    long seen = content.seen();
    long moved = seen - seenBefore;
    seenBefore = seen;
    if (left() <= 0) {
      content.stop(
          new Fault.Slow(
              Cause.SOURCE,
              "it did not get through within %d minutes".formatted(longest.toMinutes())));
      return false;
    }
    // What waits for the last answer has nothing more to move.
    if (moved < least.bytes() && !content.isAllSeen()) {
      content.stop(tooSlow(moved));
      return false;
    }
    return true;
  }

  private Fault tooSlow(long moved) {
    return new Fault.Slow(
        content.isAskedFor() ? Cause.SOURCE : Cause.FORGE,
        "%s only %d bytes in %d seconds, and %d are the least (CINCH_RELEASE_LEAST_KIB)"
            .formatted(
                content.isAskedFor() ? "the source gave" : "Bitbucket took",
                moved,
                least.span().toSeconds(),
                least.bytes()));
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
