package sh.cinch.ingress.webhooks.delivery;

import java.time.Instant;
import java.util.UUID;

/**
 * A delivery that says it is not the forge's first attempt.
 *
 * @param attempt its number, 2 or more
 * @param bodySha256 64 hex digits
 * @param since the forge's attempts follow at once: an earlier one is no older than this
 */
record Retry(UUID hookId, int attempt, String bodySha256, Instant since) {

  boolean isOf(LoggedDelivery earlier) {
    return earlier.hookId().equals(hookId)
        && earlier.attempt() < attempt
        && earlier.bodySha256().equals(bodySha256)
        && !earlier.receivedAt().isBefore(since);
  }
}
