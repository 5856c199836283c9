package sh.cinch.releaseworker.outcome;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What only some outcomes have.
 *
 * @param httpStatus Bitbucket's last answer
 * @param attempts made so far
 * @param reason in words, where it was not delivered
 * @param took from the record's arrival on the topic to its end
 */
public record Detail(
    OptionalInt httpStatus,
    int attempts,
    Optional<String> reason,
    Optional<Duration> took,
    List<String> warnings) {

  public static Detail because(String reason) {
    return new Detail(OptionalInt.empty(), 0, Optional.of(reason), Optional.empty(), List.of());
  }

  public static Detail because(OptionalInt httpStatus, int attempts, String reason) {
    return new Detail(httpStatus, attempts, Optional.of(reason), Optional.empty(), List.of());
  }

  public Detail warning(List<String> of) {
    return new Detail(httpStatus, attempts, reason, took, of);
  }
}
