package sh.cinch.ingress.webhook;

/** Every answer to a delivery; the reason is for the metric, the log and us. */
enum Answer {
  PUBLISHED(202, "published", "accepted"),
  SPOOLED(202, "spooled", "accepted"),
  NOTHING_CHANGED(200, "nothing-changed", "nothing to publish"),
  UNKNOWN_EVENT(200, "unknown-event", "nothing to publish"),
  NOT_JSON(400, "not-json", "not JSON"),
  OTHER_SHAPE(400, "other-shape", "not a push"),
  UNKNOWN_HOOK(401, "unknown-hook", Answer.REFUSED),
  WRONG_UUID(401, "wrong-uuid", Answer.REFUSED),
  NO_SIGNATURE(401, "no-signature", Answer.REFUSED),
  MALFORMED_SIGNATURE(401, "malformed-signature", Answer.REFUSED),
  WRONG_SIGNATURE(401, "wrong-signature", Answer.REFUSED),
  OTHER_REPOSITORY(401, "other-repository", Answer.REFUSED),
  OTHER_METHOD(405, "other-method", "POST only"),
  TOO_SLOW(408, "too-slow", "the body came too slowly"),
  TOO_LARGE(413, "too-large", "at most 1 MiB"),
  COMPRESSED(415, "compressed", "send the body uncompressed"),
  FAILED(500, "failed", "failed"),
  NO_ROOM(503, "no-room", Answer.TRY_AGAIN),
  CANNOT_KNOW(503, "cannot-know", Answer.TRY_AGAIN);

  /** One text for all: whoever guesses learns nothing. */
  private static final String REFUSED = "refused";

  private static final String TRY_AGAIN = "try again";

  private final int status;
  private final String reason;
  private final String text;

  Answer(int status, String reason, String text) {
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

  /** Whether it asks the forge to come again later. */
  boolean isNotNow() {
    return status == 503;
  }
}
