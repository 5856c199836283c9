package sh.cinch.ingress.forge;

import java.time.Duration;
import java.util.OptionalInt;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeResult;
import sh.cinch.service.http.Problem;

/** Says a forge's results to those who wait for them, where only a good one lets work go on. */
public final class ForgeAnswers {

  private static final String AUTHORIZATION_NEEDED = "Authorization needed";

  private ForgeAnswers() {}

  /**
   * @param refusal what a refusal means here and what to do about it
   * @throws Problem where it was not done
   */
  public static <T> T valueOf(ForgeResult<T> result, String refusal) {
    return switch (result) {
      case ForgeResult.Done<T>(T value, OptionalInt status) -> value;
      case ForgeResult.Refused<T>(Cause cause, OptionalInt status, String reason) ->
          throw refused(refusal, status, reason);
      case ForgeResult.Later<T>(Cause cause, OptionalInt status, String reason, Duration pause) ->
          throw later(cause, status, reason, pause, refusal);
      case ForgeResult.Unclear<T> unclear -> throw away();
      case ForgeResult.NotBegun<T> notBegun ->
          throw new IllegalStateException("nobody kept it from beginning");
    };
  }

  /** Whether it was refused because only a person can mend the credential. */
  public static boolean needsAuthorization(Problem problem) {
    return problem.title().equals(AUTHORIZATION_NEEDED);
  }

  /** Whether nobody can say now, rather than that the forge says no. */
  public static boolean isAway(ForgeResult<?> result) {
    return switch (result) {
      case ForgeResult.Later<?> later -> later.cause() != Cause.AUTHORIZATION;
      case ForgeResult.Unclear<?> unclear -> true;
      case ForgeResult.Done<?> done -> false;
      case ForgeResult.Refused<?> refused -> false;
      case ForgeResult.NotBegun<?> notBegun -> false;
    };
  }

  private static Problem later(
      Cause cause, OptionalInt status, String reason, Duration pause, String refusal) {
    return switch (cause) {
      case AUTHORIZATION ->
          status.isPresent()
              ? refused(refusal, status, reason)
              : new Problem(
                  409,
                  AUTHORIZATION_NEEDED,
                  "Bitbucket no longer accepts this authorization (%s). Add Bitbucket again, or connect with a new token."
                      .formatted(reason));
      case LEASE -> new Problem(503, "Not now", "No access token is to be had now: " + reason);
      case RATE_LIMIT ->
          new Problem(
                  503,
                  "Not now",
                  status.isPresent()
                      ? "Bitbucket limits how often Cinch may ask; try again in some minutes."
                      : reason)
              .retryAfter(pause);
      case FORGE, NOT_FOUND, DISCONNECTED, FORBIDDEN, OWNERSHIP, INVALID, SOURCE ->
          status.isPresent() && status.getAsInt() / 100 == 2 ? unusable(reason) : away();
    };
  }

  private static Problem refused(String refusal, OptionalInt status, String reason) {
    return new Problem(
        422,
        "Bitbucket refused",
        status.isPresent()
            ? "%s Bitbucket answered %d: %s".formatted(refusal, status.getAsInt(), reason)
            : refusal + " " + reason);
  }

  /** It answered, with something that another try may not mend. */
  private static Problem unusable(String reason) {
    return new Problem(
        503,
        "Not now",
        "Bitbucket's answer is not what it should be (%s). Try again in a minute; if it stays so, look for a proxy between Cinch and Bitbucket."
            .formatted(reason));
  }

  private static Problem away() {
    return new Problem(
        503, "Not now", "Bitbucket does not answer as it should; try again in a minute.");
  }
}
