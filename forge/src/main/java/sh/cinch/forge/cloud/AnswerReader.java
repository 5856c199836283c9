package sh.cinch.forge.cloud;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.Answer.Ok;
import sh.cinch.bitbucket.client.Answer.RateLimited;
import sh.cinch.bitbucket.client.Answer.Refused;
import sh.cinch.bitbucket.client.Answer.Unavailable;
import sh.cinch.bitbucket.client.ApiError;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeResult;
import sh.cinch.service.due.BackOff;

/**
 * Reads an answer of Bitbucket's API, the one place that says what each means. In an outage
 * Bitbucket may refuse anything with any status, so where a refusal does not explain itself it
 * counts only while the repository itself answers.
 *
 * @param failures so far, this one included
 * @param repositoryAnswers asks for the repository with the same credential
 */
record AnswerReader(int failures, Advice advice, BooleanSupplier repositoryAnswers) {

  private static final Duration SHORTEST_ASKED_FOR = Duration.ofSeconds(2);
  private static final Duration LONGEST_ASKED_FOR = Duration.ofHours(1);
  private static final int BAD_GATEWAY = 502;
  private static final int GATEWAY_TIMEOUT = 504;

  <T> ForgeResult<T> read(Answer<T> answer) {
    return switch (answer) {
      case Ok<T>(T value, int status) -> new ForgeResult.Done<>(value, status);
      case Refused<T>(int status, ApiError error) -> refused(status, error);
      case RateLimited<T>(Optional<Duration> retryAfter) ->
          new ForgeResult.Later<>(
              Cause.RATE_LIMIT,
              OptionalInt.of(429),
              "Bitbucket takes no more requests for now",
              retryAfter.map(AnswerReader::bounded).orElseGet(() -> BackOff.after(failures)));
      case Unavailable<T>(String what, OptionalInt status, boolean mayHaveHappened) ->
          mayHaveHappened ? lost(what, status) : later(status, what);
    };
  }

  private <T> ForgeResult<T> lost(String what, OptionalInt status) {
    return switch (advice.effect()) {
      case NONE -> later(status, what);
      case WRITE ->
          mayStillHappen(status)
              ? new ForgeResult.Unclear<>(status, what, ForgeResult.MAY_STILL_LAND)
              : later(status, what);
      case UPLOAD ->
          new ForgeResult.Unclear<>(
              status, what, BackOff.longer(BackOff.after(failures), ForgeResult.MAY_STILL_LAND));
    };
  }

  private <T> ForgeResult<T> refused(int status, ApiError error) {
    return switch (status) {
      case 401 ->
          new ForgeResult.Later<>(
              Cause.AUTHORIZATION,
              OptionalInt.of(status),
              "Bitbucket does not accept the credential: " + error.message(),
              BackOff.after(failures));
      case 403 -> forbidden(error);
      case 404 -> notFound(error);
      case 408, 409, 425 -> later(OptionalInt.of(status), error.message());
      default -> never(Cause.INVALID, status, advice.refusal().inWords(status, explained(error)));
    };
  }

  private <T> ForgeResult<T> forbidden(ApiError error) {
    return error.requiredScopes().isEmpty()
        ? unlessOutage(advice.unexplained(), 403, error.message() + advice.forbidden())
        : never(
            Cause.FORBIDDEN,
            403,
            "the credential may not do this: it needs the scope %s and has %s%s"
                .formatted(
                    String.join(", ", error.requiredScopes()),
                    error.grantedScopes().isEmpty()
                        ? "others"
                        : String.join(", ", error.grantedScopes()),
                    advice.lacking()));
  }

  private <T> ForgeResult<T> notFound(ApiError error) {
    Optional<Duration> pause =
        advice.notFoundYet().flatMap(words -> BackOff.afterNotFound(failures));
    return pause.isPresent()
        ? new ForgeResult.Later<>(
            Cause.NOT_FOUND,
            OptionalInt.of(404),
            advice.notFoundYet().get() + error.message(),
            pause.get())
        : unlessOutage(Cause.NOT_FOUND, 404, error.message() + advice.notFound());
  }

  /**
   * A refusal for good, unless Bitbucket refuses the repository itself as well.
   *
   * @param reason for whoever asked
   */
  <T> ForgeResult<T> unlessOutage(Cause cause, int status, String reason) {
    return repositoryAnswers.getAsBoolean()
        ? never(cause, status, reason)
        : later(
            OptionalInt.of(status),
            "Bitbucket answered %d, also for the repository itself".formatted(status));
  }

  private <T> ForgeResult<T> later(OptionalInt status, String reason) {
    return new ForgeResult.Later<>(Cause.FORGE, status, reason, BackOff.after(failures));
  }

  private static <T> ForgeResult<T> never(Cause cause, int status, String reason) {
    return new ForgeResult.Refused<>(cause, OptionalInt.of(status), reason);
  }

  /** The message repeats the fields where there are any, so one of the two is enough. */
  private static String explained(ApiError error) {
    String fields =
        error.fields().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(field -> field.getKey() + ": " + String.join(" ", field.getValue()))
            .collect(Collectors.joining("; "));
    return fields.isEmpty() ? error.message() : fields;
  }

  /** Whether the request may still be under way behind a proxy that answered. */
  private static boolean mayStillHappen(OptionalInt status) {
    return status.isEmpty()
        || status.getAsInt() == BAD_GATEWAY
        || status.getAsInt() == GATEWAY_TIMEOUT;
  }

  private static Duration bounded(Duration asked) {
    Duration least = BackOff.longer(asked, SHORTEST_ASKED_FOR);
    return least.compareTo(LONGEST_ASKED_FOR) > 0 ? LONGEST_ASKED_FOR : least;
  }
}
