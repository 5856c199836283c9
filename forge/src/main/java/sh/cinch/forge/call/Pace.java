package sh.cinch.forge.call;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * How many requests of one budget are under way from here: few until the first are answered, then
 * more with each answer, so that a refusal that nobody could foresee meets few. Where answers are
 * slow it only spreads requests out: none waits for long.
 */
final class Pace {

  private static final int FIRST = 2;
  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

  /** Then what was seen to be taken says nothing any more. */
  private static final long IDLE = Duration.ofSeconds(1).toNanos();

  /**
   * Longer than a request takes: whatever then counts as under way was never told to have ended.
   */
  private static final long LOST = Duration.ofSeconds(30).toNanos();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private int most = FIRST;
  private int underWay;
  private long moved = System.nanoTime();

  /**
   * @param cap at most so many, whatever was answered
   */
  void begin(int cap) {
    lock.lock();
    try {
      long idle = System.nanoTime() - moved;
      if (idle > LOST) {
        underWay = 0;
      }
      if (underWay == 0 && idle > IDLE) {
        most = Math.min(most, FIRST);
      }
      long left = LONGEST_WAIT.toNanos();
      while (underWay >= Math.min(most, cap) && left > 0) {
        left = ended.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      underWay++;
      moved = System.nanoTime();
      lock.unlock();
    }
  }

  /**
   * The forge took one, as far as is known: where as many as may be were under way, more may be.
   */
  void taken() {
    end(() -> underWay >= most ? most + 1 : most);
  }

  /** One was not made after all, or is to count no longer. */
  void left() {
    end(() -> most);
  }

  /** The forge refused one. */
  void refused() {
    end(() -> 1);
  }

  private void end(IntSupplier next) {
    lock.lock();
    try {
      most = next.getAsInt();
      underWay = Math.max(0, underWay - 1);
      moved = System.nanoTime();
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
