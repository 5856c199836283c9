package sh.cinch.releaseworker.send;

import java.time.Duration;
import java.util.OptionalInt;
import sh.cinch.forge.ForgeResult;

/** The result of a transfer. */
sealed interface Result {

  /**
   * The forge has it.
   *
   * @param httpStatus empty where it turned out to be there, whole, from an attempt whose end was
   *     not known
   */
  record Sent(OptionalInt httpStatus) implements Result {}

  record Later(ForgeResult.Later<?> why) implements Result {}

  record Never(ForgeResult.Refused<?> why) implements Result {}

  /**
   * It is not ours to send any more: something else is wanted there, or it is left to others.
   *
   * @param pause until what was begun can no longer land
   */
  record Lapsed(Duration pause) implements Result {}
}
