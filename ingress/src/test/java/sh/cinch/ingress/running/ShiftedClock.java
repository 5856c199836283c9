package sh.cinch.ingress.running;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The real time, and what a test has added to it. */
public final class ShiftedClock implements InstantSource {

  private volatile Duration ahead = Duration.ZERO;

  public synchronized void advance(Duration more) {
    ahead = ahead.plus(more);
  }

  public synchronized void reset() {
    ahead = Duration.ZERO;
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }
}
