package sh.cinch.releaseworker.forge;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/** Why something did not come to its end. */
public sealed interface Setback {

  /**
   * Not now.
   *
   * @param reason in words, for whoever asked
   * @param pause until it is due again
   */
  record Later(Obstacle obstacle, OptionalInt httpStatus, String reason, Duration pause)
      implements Setback {

    /** Long enough for an outage over a weekend; then a person decides. */
    private static final Duration GIVE_UP_AFTER = Duration.ofDays(3);

    /**
     * The same while it is worth waiting for.
     *
     * @param asked when the release was asked for
     * @param next when it would be due again
     */
    public Setback unlessTooLate(Instant asked, Instant next) {
      return next.isAfter(asked.plus(GIVE_UP_AFTER))
          ? new Never(
              httpStatus, "given up after %d days: %s".formatted(GIVE_UP_AFTER.toDays(), reason))
          : this;
    }
  }

  /** Trying again cannot help. */
  record Never(OptionalInt httpStatus, String reason) implements Setback {}
}
