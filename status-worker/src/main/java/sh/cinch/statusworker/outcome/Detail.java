package sh.cinch.statusworker.outcome;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import sh.cinch.schema.event.ForgeRequest;

/**
 * What only some outcomes have.
 *
 * @param attempts requests made for it so far
 * @param took from the record's arrival on the topic to the forge's answer
 */
public record Detail(
    OptionalInt httpStatus,
    int attempts,
    Optional<String> reason,
    Optional<Duration> took,
    List<String> warnings,
    List<ForgeRequest> requests) {

  public Detail {
    warnings = List.copyOf(warnings);
    requests = List.copyOf(requests);
  }

  /** Of what was never sent. */
  public static Detail because(String reason) {
    return new Detail(
        OptionalInt.empty(), 0, Optional.of(reason), Optional.empty(), List.of(), List.of());
  }
}
