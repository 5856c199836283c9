package sh.cinch.statusworker.post;

import java.time.Duration;
import java.util.OptionalInt;

/** What came of an attempt to post. */
sealed interface Answer {

  record Posted(int httpStatus) implements Answer {}

  /**
   * Not now.
   *
   * @param reason in words, for whoever asked
   * @param pause until it is due again
   */
  record TryAgain(Obstacle obstacle, OptionalInt httpStatus, String reason, Duration pause)
      implements Answer {}

  /** It may have taken effect, or may yet: to be posted again once it no longer can. */
  record Unknown(OptionalInt httpStatus, String reason) implements Answer {}

  /** The claim would have run out under the request, so none was made; due again at once. */
  record Lapsed() implements Answer {}

  /**
   * Trying again cannot help.
   *
   * @param deadLetter whether the record is put away for a person to mend; false where nothing is
   *     wrong with it
   */
  record Hopeless(OptionalInt httpStatus, String reason, boolean deadLetter) implements Answer {}
}
