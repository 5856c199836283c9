package sh.cinch.tokenservice.refresh;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import sh.cinch.tokenservice.client.OAuthClientHealth;

/** How long to wait before another try; never the same for two credentials. */
final class Pauses {

  /**
   * A try whose answer was lost may have rotated the refresh token; the old one works for some ten
   * minutes more, so the pause stays well below.
   */
  static final Duration LONGEST_AFTER_FAILURE = Duration.ofMinutes(2);

  private static final Duration SHORTEST_AFTER_FAILURE = Duration.ofSeconds(2);
  private static final int MOST_DOUBLINGS = 6;

  private Pauses() {}

  /**
   * @param failures in a row, before this one
   */
  static Duration afterFailure(int failures) {
    Duration pause = SHORTEST_AFTER_FAILURE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
    Duration bounded = pause.compareTo(LONGEST_AFTER_FAILURE) < 0 ? pause : LONGEST_AFTER_FAILURE;
    return bounded.dividedBy(2).plus(upTo(bounded.dividedBy(2)));
  }

  /** As the forge asked, within what the old token's grace allows. */
  static Duration asAsked(Duration retryAfter) {
    return retryAfter.compareTo(LONGEST_AFTER_FAILURE) < 0 ? retryAfter : LONGEST_AFTER_FAILURE;
  }

  static Duration afterRefusal() {
    return OAuthClientHealth.LOCKOUT.plus(upTo(Duration.ofMinutes(1)));
  }

  /** Then, or within the minute after. */
  static Instant later(Instant earliest) {
    return earliest.plus(upTo(Duration.ofMinutes(1)));
  }

  private static Duration upTo(Duration most) {
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most.toMillis() + 1));
  }
}
