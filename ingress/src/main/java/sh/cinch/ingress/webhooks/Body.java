package sh.cinch.ingress.webhooks;

import io.vertx.core.buffer.Buffer;

/** A request's body, as far as it was read. */
sealed interface Body {

  record Whole(Buffer bytes) implements Body {}

  /** It was not read to its end: the connection is of no more use. */
  record NotTaken(DeliveryResponse answer) implements Body {}
}
