package sh.cinch.service.http;

import io.vertx.core.buffer.Buffer;

/** A request's body, as far as it was read. */
public sealed interface Body {

  /** All of it; what it holds of the bound is for who takes it to give back. */
  record Whole(Buffer bytes) implements Body {}

  /** It is, or says it will be, larger than it may. */
  record TooLarge() implements Body {}

  /** Too much is in flight. */
  record NoRoom() implements Body {}

  /** It did not come in time. */
  record TooSlow() implements Body {}
}
