package sh.cinch.service.intake;

import java.time.Duration;
import java.time.Instant;

/** Tells a flood of dead letters, more than so many in a minute, from single ones. */
final class DeadLetterFlood {

  /** Of one consumer in one instance, in a minute. */
  static final int MOST = 100;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** How one more finds it. */
  enum Stage {
    CALM,
    BEGINS,
    GOES_ON
  }

  private Instant minute = Instant.EPOCH;
  private int count;
  private boolean underWay;

  synchronized Stage next(Instant now) {
    if (!now.isBefore(minute.plus(MINUTE))) {
      underWay = isUnderWay(now) && count > MOST;
      minute = now;
      count = 0;
    }
    count++;
    if (underWay) {
      return Stage.GOES_ON;
    }
    underWay = count > MOST;
    return underWay ? Stage.BEGINS : Stage.CALM;
  }

  /** Until a whole minute has had fewer. */
  synchronized boolean isUnderWay(Instant now) {
    return underWay && now.isBefore(minute.plus(MINUTE.multipliedBy(2)));
  }
}
