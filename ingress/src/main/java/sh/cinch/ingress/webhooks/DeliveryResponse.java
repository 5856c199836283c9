package sh.cinch.ingress.webhooks;

import sh.cinch.ingress.webhooks.delivery.Outcomes;

/** Every answer to a delivery; the reason is for the metric, the log and us. */
enum DeliveryResponse {
  PUBLISHED(202, "published", "accepted"),
  IN_OUTBOX(202, Outcomes.SPOOLED, "accepted"),
  NOTHING_CHANGED(200, "nothing-changed", "nothing to publish"),
  SAME_PUSH(202, Outcomes.SAME_PUSH, "accepted"),
  HELD(202, Outcomes.HELD, "accepted"),
  UNKNOWN_EVENT(200, "unknown-event", "nothing to publish"),
  NOT_JSON(400, "not-json", "not JSON"),
  OTHER_SHAPE(400, "other-shape", "not a push"),
  UNKNOWN_HOOK(401, "unknown-hook", DeliveryResponse.REFUSED),
  WRONG_UUID(401, "wrong-uuid", DeliveryResponse.REFUSED),
  NO_SIGNATURE(401, "no-signature", DeliveryResponse.REFUSED),
  MALFORMED_SIGNATURE(401, "malformed-signature", DeliveryResponse.REFUSED),
  WRONG_SIGNATURE(401, "wrong-signature", DeliveryResponse.REFUSED),
  OTHER_REPOSITORY(401, "other-repository", DeliveryResponse.REFUSED),
  OTHER_METHOD(405, "other-method", "POST only"),
  TOO_LARGE(413, "too-large", "at most 1 MiB"),
  COMPRESSED(415, "compressed", "send the body uncompressed"),
  FAILED(500, "failed", "failed"),
  /** Only 5xx is tried again. */
  TOO_SLOW(503, "too-slow", "the body came too slowly"),
  NO_ROOM_FOR_BODY(503, "no-room-for-body", DeliveryResponse.TRY_AGAIN),
  NO_ROOM(503, "no-room", DeliveryResponse.TRY_AGAIN),
  NO_ROOM_TO_HOLD(503, Outcomes.NO_ROOM_TO_HOLD, DeliveryResponse.TRY_AGAIN),
  CANNOT_KNOW(503, "cannot-know", DeliveryResponse.TRY_AGAIN);

  /** One text for all: whoever guesses learns nothing. */
  private static final String REFUSED = "refused";

  private static final String TRY_AGAIN = "try again";

  private final int status;
  private final String reason;
  private final String text;

  DeliveryResponse(int status, String reason, String text) {
    this.status = status;
    this.reason = reason;
    this.text = text;
  }

  int status() {
    return status;
  }

  String reason() {
    return reason;
  }

  String text() {
    return text;
  }

  /** Whether the delivery is not taken, and will not be when it comes again. */
  boolean isRefusal() {
    return status >= 400 && status < 500;
  }

  /** Whether it asks the forge to come again later. */
  boolean isNotNow() {
    return status == 503;
  }
}
