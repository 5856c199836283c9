package sh.cinch.statusworker.post;

import static java.util.OptionalInt.empty;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import sh.cinch.bitbucket.client.Answer.Ok;
import sh.cinch.bitbucket.client.Answer.RateLimited;
import sh.cinch.bitbucket.client.Answer.Refused;
import sh.cinch.bitbucket.client.Answer.Unavailable;
import sh.cinch.bitbucket.client.ApiError;
import sh.cinch.bitbucket.client.PostedStatus;
import sh.cinch.service.due.BackOff;
import sh.cinch.statusworker.post.Answer.Hopeless;
import sh.cinch.statusworker.post.Answer.Posted;
import sh.cinch.statusworker.post.Answer.TryAgain;
import sh.cinch.statusworker.post.Answer.Unknown;

/**
 * What Bitbucket's answer means for a status. In an outage Bitbucket may refuse anything with any
 * status, so where a refusal does not explain itself it counts only while the repository itself
 * answers.
 */
final class AnswerReader {

  private static final Duration LONGEST_ASKED_FOR = Duration.ofHours(1);
  private static final int BAD_GATEWAY = 502;
  private static final int GATEWAY_TIMEOUT = 504;

  private final int failures;
  private final BooleanSupplier repositoryAnswers;

  /**
   * @param failures of this status so far, this one included
   * @param repositoryAnswers asks for the repository with the same credential
   */
  AnswerReader(int failures, BooleanSupplier repositoryAnswers) {
    this.failures = failures;
    this.repositoryAnswers = repositoryAnswers;
  }

  Answer read(sh.cinch.bitbucket.client.Answer<PostedStatus> answer) {
    return switch (answer) {
      case Ok<PostedStatus>(PostedStatus posted, int status) -> new Posted(status);
      case Refused<PostedStatus>(int status, ApiError error) -> refused(status, error);
      case RateLimited<PostedStatus>(var retryAfter) ->
          new TryAgain(
              Obstacle.RATE_LIMIT,
              OptionalInt.of(429),
              "Bitbucket takes no more requests for now",
              retryAfter.map(AnswerReader::bounded).orElseGet(() -> BackOff.after(failures)));
      case Unavailable<PostedStatus>(String what, OptionalInt status, boolean mayHaveHappened) ->
          mayHaveHappened && mayStillHappen(status)
              ? new Unknown(status, what)
              : new TryAgain(Obstacle.BITBUCKET, status, what, BackOff.after(failures));
    };
  }

  private Answer refused(int status, ApiError error) {
    return switch (status) {
      case 401 ->
          new TryAgain(
              Obstacle.AUTHORIZATION,
              OptionalInt.of(status),
              "Bitbucket does not accept the credential: " + error.message(),
              BackOff.after(failures));
      case 403 -> forbidden(error);
      case 404 -> notFound(error);
      case 408, 409, 425 ->
          new TryAgain(
              Obstacle.BITBUCKET, OptionalInt.of(status), error.message(), BackOff.after(failures));
      default -> hopeless(status, explained(error));
    };
  }

  private Answer forbidden(ApiError error) {
    if (!error.requiredScopes().isEmpty()) {
      return hopeless(
          403,
          "the credential may not do this: it needs the scope %s and has %s. Connect the repository with a credential that has it"
              .formatted(
                  String.join(", ", error.requiredScopes()),
                  error.grantedScopes().isEmpty()
                      ? "others"
                      : String.join(", ", error.grantedScopes())));
    }
    return unlessOutage(
        403,
        error.message()
            + ". Only the account that created a status, or an administrator of the repository, may"
            + " change it: was the repository connected with another account meanwhile? A new key"
            + " makes a new status");
  }

  private Answer notFound(ApiError error) {
    return BackOff.afterNotFound(failures)
        .<Answer>map(
            pause ->
                new TryAgain(
                    Obstacle.COMMIT,
                    OptionalInt.of(404),
                    "Bitbucket does not know the commit (yet): " + error.message(),
                    pause))
        .orElseGet(
            () ->
                unlessOutage(
                    404,
                    error.message()
                        + ". The repository is there and the commit is not: was it rebased or"
                        + " squashed away, or never pushed?"));
  }

  private Answer unlessOutage(int status, String reason) {
    return repositoryAnswers.getAsBoolean()
        ? hopeless(status, reason)
        : new TryAgain(
            Obstacle.BITBUCKET,
            OptionalInt.of(status),
            "Bitbucket answered %d, also for the repository itself".formatted(status),
            BackOff.after(failures));
  }

  private static Answer hopeless(int status, String reason) {
    return new Hopeless(OptionalInt.of(status), reason, true);
  }

  /** The message repeats the fields where there are any, so one of the two is enough. */
  private static String explained(ApiError error) {
    String fields =
        error.fields().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(field -> field.getKey() + ": " + String.join(" ", field.getValue()))
            .collect(Collectors.joining("; "));
    return "Bitbucket refuses the status: " + (fields.isEmpty() ? error.message() : fields);
  }

  /** Whether the request may still be under way behind whoever answered. */
  private static boolean mayStillHappen(OptionalInt status) {
    return status.equals(empty())
        || status.getAsInt() == BAD_GATEWAY
        || status.getAsInt() == GATEWAY_TIMEOUT;
  }

  private static Duration bounded(Duration asked) {
    return asked.compareTo(LONGEST_ASKED_FOR) > 0 ? LONGEST_ASKED_FOR : asked;
  }
}
