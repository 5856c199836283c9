package sh.cinch.ingress.webhooks;

import java.time.Instant;
import java.util.UUID;
import sh.cinch.ingress.webhooks.hook.HookName;

/**
 * A webhook request with its body, of which nothing has been believed yet.
 *
 * @param id our own
 * @param hook which hook it says it comes through
 * @param body the raw bytes, as they were signed
 * @param begunAt when its head had come in: the forge's patience begins then
 * @param receivedAt when its body had
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record Delivery(
    UUID id,
    HookName hook,
    DeliveryHeaders headers,
    byte[] body,
    Instant begunAt,
    Instant receivedAt) {

  /** The request's own id, or ours where it has none. */
  String requestId() {
    return headers.requestId().orElseGet(id::toString);
  }
}
