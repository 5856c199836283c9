package sh.cinch.tokenservice.client;

import java.time.Instant;

/** Whether a credential may be refreshed now. */
public sealed interface Admission {

  /** Nothing speaks against the client, nor against the credential. */
  record Free() implements Admission {}

  /**
   * It may, and nobody else meanwhile; the turn is to be given back.
   *
   * @param clear whether a refusal would speak against the grant alone: the client as such is known
   *     to be accepted, and no lockout can be in force
   */
  record Turn(boolean clear) implements Admission {}

  /** Somebody else has the turn. */
  record Taken() implements Admission {}

  /**
   * Not now.
   *
   * @param why for people
   */
  record Later(Instant at, String why) implements Admission {}
}
