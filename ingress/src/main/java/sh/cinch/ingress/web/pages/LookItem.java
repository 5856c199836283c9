package sh.cinch.ingress.web.pages;

import java.time.Duration;
import sh.cinch.ingress.reconciler.LastLooks.LastLook;

/**
 * The last look at what a repository's webhook may have missed.
 *
 * @param within what is missed is found, in words
 */
public record LookItem(When at, String within) {

  private static final Duration TWO_HOURS = Duration.ofHours(2);
  private static final Duration TWO_DAYS = Duration.ofDays(2);

  static LookItem of(LastLook look) {
    return new LookItem(When.of(look.at()), words(look.within()));
  }

  /** Never less than it takes. */
  private static String words(Duration within) {
    if (within.compareTo(TWO_HOURS) <= 0) {
      return within.plusSeconds(59).toMinutes() + " minutes";
    }
    return within.compareTo(TWO_DAYS) <= 0
        ? within.plusMinutes(59).toHours() + " hours"
        : within.plusHours(23).toDays() + " days";
  }
}
