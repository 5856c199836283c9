package sh.cinch.ingress.connecting.credential;

/** The token-service's answer when a doubtful credential is to be tried once more. */
public sealed interface RetryResult {

  /** The credential's state will show how it ends. */
  record Begun() implements RetryResult {}

  /**
   * @param why for the person who asked
   */
  record Refused(String why) implements RetryResult {}

  record Away(String why) implements RetryResult {}
}
