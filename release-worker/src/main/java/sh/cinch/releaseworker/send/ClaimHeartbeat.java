package sh.cinch.releaseworker.send;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the claim of a download for as long as it is acted upon, also while its source is waited
 * for: else the download would be taken again meanwhile, and whoever has it would lose it to that.
 */
final class ClaimHeartbeat implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ClaimHeartbeat.class);

  /** So long a claim lasts after it was renewed; several times as long as that takes. */
  static final Duration CLAIM = Duration.ofSeconds(20);

  private static final int BEATS = 5;

  private final BooleanSupplier renewal;
  private final Consumer<Fault.Left> lost;
  private final Duration span;
  private final Duration every;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean isHeld = true;

  /**
   * @param renewal false where the claim is another instance's by now
   * @param lost told once that it is, or may be soon
   */
  ClaimHeartbeat(BooleanSupplier renewal, Consumer<Fault.Left> lost) {
    this(renewal, lost, CLAIM);
  }

  /**
   * @param span how long a claim lasts after it was renewed
   */
  ClaimHeartbeat(BooleanSupplier renewal, Consumer<Fault.Left> lost, Duration span) {
    this.renewal = renewal;
    this.lost = lost;
    this.span = span;
    this.every = span.dividedBy(BEATS);
    this.thread = Thread.ofVirtual().name("claim-heartbeat").unstarted(this::beat);
  }

  void start() {
    thread.start();
  }

  /** Whether the claim is still this instance's, as far as is known. */
  boolean isHeld() {
    return isHeld;
  }

  private void beat() {
    long renewed = System.nanoTime();
    try {
      while (!over.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
        long now = System.nanoTime();
        switch (renew()) {
          case RENEWED -> renewed = now;
          case LOST -> {
            lose("another instance has taken it over");
            return;
          }
          case UNKNOWN -> {
            if (now - renewed > span.minus(every).toNanos()) {
              lose("the database could not be told that it goes on");
              return;
            }
          }
        }
      }
    } catch (InterruptedException e) {
      lose("interrupted");
    }
  }

  private void lose(String why) {
    isHeld = false;
    lost.accept(new Fault.Left(why));
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
