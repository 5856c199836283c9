package sh.cinch.acceptance.soak;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Lets so many bytes a second pass, of all who share it. */
final class Throttle {

  /** Less than this is counted but need not wait, so that what drips goes on dripping. */
  private static final int LITTLE = 256;

  private final double nanosEach;
  private long free = System.nanoTime();
  private long passed;

  Throttle(long bytesASecond) {
    this.nanosEach = (double) TimeUnit.SECONDS.toNanos(1) / bytesASecond;
  }

  /** Returns once so many more may be sent. */
  void take(int bytes) throws InterruptedException {
    long wait = reserve(bytes);
    if (bytes >= LITTLE && wait > 0) {
      Thread.sleep(Duration.ofNanos(wait));
    }
  }

  private synchronized long reserve(int bytes) {
    long now = System.nanoTime();
    long from = Math.max(free, now);
    free = from + (long) (bytes * nanosEach);
    passed += bytes;
    return from - now;
  }

  /** How many bytes have passed. */
  synchronized long passed() {
    return passed;
  }
}
