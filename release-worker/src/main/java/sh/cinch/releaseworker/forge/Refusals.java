package sh.cinch.releaseworker.forge;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.Answer.Ok;
import sh.cinch.bitbucket.client.Answer.RateLimited;
import sh.cinch.bitbucket.client.Answer.Refused;
import sh.cinch.bitbucket.client.Answer.Unavailable;
import sh.cinch.bitbucket.client.ApiError;
import sh.cinch.service.due.BackOff;

/**
 * What it means that Bitbucket did not do what was asked. In an outage it may refuse anything with
 * any status, so where a refusal does not explain itself it counts only while the repository itself
 * answers.
 */
public final class Refusals {

  private static final Duration LONGEST_ASKED_FOR = Duration.ofHours(1);
  private static final Pattern ROOM =
      Pattern.compile("\\b(quota|storage|space|bytes|too large|size limit)\\b", CASE_INSENSITIVE);

  private final int failures;
  private final BooleanSupplier repositoryAnswers;

  /**
   * @param failures so far, this one included
   * @param repositoryAnswers asks for the repository with the same credential
   */
  public Refusals(int failures, BooleanSupplier repositoryAnswers) {
    this.failures = failures;
    this.repositoryAnswers = repositoryAnswers;
  }

  /** Empty where it was done. */
  public <T> Optional<Setback> of(Answer<T> answer) {
    return switch (answer) {
      case Ok<T> ok -> Optional.empty();
      case Refused<T>(int status, ApiError error) -> Optional.of(refused(status, error));
      case RateLimited<T>(var retryAfter) ->
          Optional.of(
              new Setback.Later(
                  Obstacle.RATE_LIMIT,
                  OptionalInt.of(429),
                  "Bitbucket takes no more requests for now",
                  retryAfter.map(Refusals::bounded).orElseGet(() -> BackOff.after(failures))));
      case Unavailable<T>(String what, OptionalInt status, boolean mayHaveHappened) ->
          Optional.of(later(status, what));
    };
  }

  private Setback refused(int status, ApiError error) {
    return switch (status) {
      case 401 ->
          new Setback.Later(
              Obstacle.AUTHORIZATION,
              OptionalInt.of(status),
              "Bitbucket does not accept the credential: " + error.message(),
              BackOff.after(failures));
      case 403 -> forbidden(error);
      case 404 -> unlessOutage(404, error.message());
      case 408, 409, 425 -> later(OptionalInt.of(status), error.message());
      case 413 ->
          new Setback.Never(
              OptionalInt.of(status),
              "Bitbucket refuses the file as too large: %s. It documents no limit; split the file, or keep it elsewhere and link to it"
                  .formatted(explained(error)));
      default ->
          new Setback.Never(
              OptionalInt.of(status), "Bitbucket refuses it: " + withAdvice(explained(error)));
    };
  }

  private Setback forbidden(ApiError error) {
    return error.requiredScopes().isEmpty()
        ? unlessOutage(
            403,
            error.message()
                + ". Whoever connected the repository must be allowed to write to it, and its"
                + " downloads must not be switched off")
        : new Setback.Never(
            OptionalInt.of(403),
            "the credential may not do this: it needs the scope %s and has %s. Connect the repository with a credential that has it"
                .formatted(
                    String.join(", ", error.requiredScopes()),
                    error.grantedScopes().isEmpty()
                        ? "others"
                        : String.join(", ", error.grantedScopes())));
  }

  /**
   * A refusal for good, unless Bitbucket refuses the repository itself as well.
   *
   * @param reason for whoever asked
   */
  public Setback unlessOutage(int status, String reason) {
    return repositoryAnswers.getAsBoolean()
        ? new Setback.Never(OptionalInt.of(status), reason)
        : later(
            OptionalInt.of(status),
            "Bitbucket answered %d, also for the repository itself".formatted(status));
  }

  private Setback later(OptionalInt status, String reason) {
    return new Setback.Later(Obstacle.BITBUCKET, status, reason, BackOff.after(failures));
  }

  /** How Bitbucket says that a repository is full is not documented, so its words are looked at. */
  private static String withAdvice(String reason) {
    return ROOM.matcher(reason).find()
        ? reason
            + " (to make room, delete downloads that nobody needs any more, or have the"
            + " workspace's storage raised)"
        : reason;
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

  private static Duration bounded(Duration asked) {
    return asked.compareTo(LONGEST_ASKED_FOR) > 0 ? LONGEST_ASKED_FOR : asked;
  }
}
