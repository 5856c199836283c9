package sh.cinch.releaseworker.forge;

import java.time.Duration;
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
      implements Setback {}

  /** Trying again cannot help. */
  record Never(OptionalInt httpStatus, String reason) implements Setback {}
}
