package sh.cinch.ingress.webhooks.delivery;

/**
 * Which push a delivery through a hook with several UUIDs brings.
 *
 * @param firstRequestId part of the push's event ids
 * @param came whether it came under another UUID before
 * @param published whether Kafka or the outbox has it from there
 */
public record Twin(String firstRequestId, boolean came, boolean published) {

  static Twin first(String requestId) {
    return new Twin(requestId, false, false);
  }
}
