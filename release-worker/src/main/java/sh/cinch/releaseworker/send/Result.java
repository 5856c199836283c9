package sh.cinch.releaseworker.send;

import java.time.Duration;
import java.util.OptionalInt;
import sh.cinch.releaseworker.forge.Setback;

/** What came of a transfer. */
sealed interface Result {

  /**
   * Bitbucket has it.
   *
   * @param httpStatus empty where it turned out to be there, whole, from an attempt whose end was
   *     not known
   */
  record Sent(OptionalInt httpStatus) implements Result {}

  record Halted(Setback setback) implements Result {}

  /**
   * It is not ours to send any more: something else is wanted there, or it is left to others.
   *
   * @param pause until what was begun can no longer land
   */
  record Lapsed(Duration pause) implements Result {}
}
