package sh.cinch.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The machine's time, put forward where a test cannot wait. */
public final class ShiftedClock implements InstantSource {

  private volatile Duration ahead = Duration.ZERO;

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }

  public synchronized void advance(Duration by) {
    ahead = ahead.plus(by);
  }

  /** The machine's own time again. */
  public synchronized void reset() {
    ahead = Duration.ZERO;
  }
}
