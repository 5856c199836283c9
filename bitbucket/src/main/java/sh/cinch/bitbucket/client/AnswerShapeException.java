package sh.cinch.bitbucket.client;

/** An answer of status 2xx is not what the API documents; never leaves this package. */
final class AnswerShapeException extends Exception {
  AnswerShapeException(String message) {
    super(message, null, false, false);
  }
}
