package sh.cinch.ingress.forge;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.ApiError;
import sh.cinch.service.http.Problem;

/** Reads Bitbucket's answers where only a good one lets the work go on. */
public final class Answers {

  private Answers() {}

  /**
   * @param refusal what a refusal means here and what to do about it
   * @throws Problem where the answer is not a good one
   */
  public static <T> T valueOf(Answer<T> answer, String refusal) {
    return switch (answer) {
      case Answer.Ok<T>(T value, int status) -> value;
      case Answer.Refused<T>(int status, ApiError error) ->
          throw new Problem(
              422,
              "Bitbucket refused",
              "%s Bitbucket answered %d: %s".formatted(refusal, status, error.message()));
      case Answer.RateLimited<T>(Optional<Duration> retryAfter) ->
          throw new Problem(
              503,
              "Not now",
              "Bitbucket limits how often Cinch may ask; try again in some minutes.");
      case Answer.Unavailable<T>(String what, OptionalInt status, boolean mayHaveHappened) ->
          throw new Problem(
              503, "Not now", "Bitbucket does not answer as it should; try again in a minute.");
    };
  }
}
