package sh.cinch.ingress.connecting.credential;

/** The token-service's answer to the wish to try a doubtful credential once more. */
public sealed interface RetryResult {

  /** What came of it shows in the credential's state. */
  record Begun() implements RetryResult {}

  /**
   * @param why for the person who asked
   */
  record Refused(String why) implements RetryResult {}

  record Away(String why) implements RetryResult {}
}
