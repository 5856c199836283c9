package sh.cinch.ingress.credential;

/** What came of asking the token-service to try a doubtful credential once more. */
public sealed interface Trying {

  /** What came of it shows in the credential's state. */
  record Begun() implements Trying {}

  /**
   * @param why for the person who asked
   */
  record Refused(String why) implements Trying {}

  record Away(String why) implements Trying {}
}
