package sh.cinch.releaseworker.send;

/** Why content did not come to its end. */
sealed interface Fault {

  /** It is not what was announced, and will not be. */
  record Wrong(String reason) implements Fault {}

  /** Its source broke off. */
  record Broke(String reason) implements Fault {}

  /** It takes too long. */
  record Slow(String reason) implements Fault {}

  /** It is somebody else's to send by now, or soon will be. */
  record Left(String reason) implements Fault {}
}
