package sh.cinch.service.health;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Notices that a thread is at one thing for longer than that ever takes: a call that does not come
 * back, a lock that nobody gives up. What asks others gives up by itself long before.
 */
public final class StuckWatch {

  /** Longer than whatever a turn asks of others may take, one after the other. */
  public static final Duration LONGEST = Duration.ofMinutes(5);

  /** Nothing has begun. */
  private static final long IDLE = Long.MIN_VALUE;

  private final LongSupplier nanoTime;
  private final Duration longest;
  private volatile long since = IDLE;

  public StuckWatch() {
    this(LONGEST, System::nanoTime);
  }

  /**
   * @param longest that one thing may take
   * @param nanoTime as {@link System#nanoTime}
   */
  public StuckWatch(Duration longest, LongSupplier nanoTime) {
    this.longest = longest;
    this.nanoTime = nanoTime;
  }

  /** The next thing; the one before has ended. */
  public void begins() {
    since = nanoTime.getAsLong();
  }

  /** Nothing is to be done for now. */
  public void rests() {
    since = IDLE;
  }

  /**
   * Well where the thread lives and is not stuck.
   *
   * @param who names it, for operators
   */
  public Check check(String who, Thread thread) {
    return thread.isAlive() ? check(who) : new Check.Unwell(who + " died");
  }

  /**
   * @param who names what is watched, for operators
   */
  public Check check(String who) {
    long began = since;
    Duration busy = began == IDLE ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - began);
    return busy.compareTo(longest) > 0
        ? new Check.Unwell("%s is stuck for %d s".formatted(who, busy.toSeconds()))
        : new Check.Well();
  }
}
