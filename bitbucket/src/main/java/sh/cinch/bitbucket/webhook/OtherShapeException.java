package sh.cinch.bitbucket.webhook;

/** Leaves a half-read body; never leaves this package. */
final class OtherShapeException extends Exception {
  OtherShapeException(String message) {
    super(message, null, false, false);
  }
}
