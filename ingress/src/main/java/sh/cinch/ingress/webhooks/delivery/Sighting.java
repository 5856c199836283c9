package sh.cinch.ingress.webhooks.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * A delivery through a hook with several UUIDs. The forge delivers a push once for each of them,
 * all at about the same time.
 *
 * @param hookUuid under which it came
 * @param hookUuids all that the hook has
 * @param requestId its own
 * @param bodySha256 64 hex digits
 */
public record Sighting(
    UUID hookId,
    String hookUuid,
    Set<String> hookUuids,
    String requestId,
    int attempt,
    String bodySha256,
    Instant at) {

  private static final Duration TWINS_WITHIN = Duration.ofMinutes(1);

  public Sighting {
    hookUuids = Set.copyOf(hookUuids);
  }

  /** No twin came before it; clocks of instances may differ, so one may seem to come after. */
  Instant from() {
    return at.minus(TWINS_WITHIN);
  }

  Instant until() {
    return at.plus(TWINS_WITHIN);
  }

  boolean isOfSameBody(LoggedDelivery other) {
    return other.hookId().equals(hookId)
        && other.bodySha256().equals(bodySha256)
        && other.receivedAt().isAfter(from())
        && other.receivedAt().isBefore(until());
  }

  boolean isUnderSameUuid(LoggedDelivery other) {
    return other.hookUuid().filter(hookUuid::equals).isPresent();
  }
}
