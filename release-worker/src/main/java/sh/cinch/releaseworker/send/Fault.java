package sh.cinch.releaseworker.send;

import sh.cinch.forge.Cause;

/** Why content did not come to its end. */
sealed interface Fault {

  /** It is not what was announced, and will not be. */
  record Wrong(String reason) implements Fault {}

  /** Its source broke off. */
  record Broke(String reason) implements Fault {}

  /**
   * It takes too long.
   *
   * @param whose doing that is
   */
  record Slow(Cause whose, String reason) implements Fault {}

  /** It is somebody else's to send by now, or soon will be. */
  record Left(String reason) implements Fault {}
}
