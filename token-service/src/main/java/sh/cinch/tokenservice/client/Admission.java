package sh.cinch.tokenservice.client;

import java.time.Instant;

/** Whether a credential may be refreshed now. */
public sealed interface Admission {

  /** It may be refreshed. */
  sealed interface Leave extends Admission {

    /** Whether a refusal would speak against the grant alone. */
    boolean clear();
  }

  /** Nothing speaks against the client, nor against the credential. */
  record Free() implements Leave {
    @Override
    public boolean clear() {
      return false;
    }
  }

  /**
   * It may, and nobody else meanwhile; the turn is to be given back.
   *
   * @param clear the client as such is known to be accepted, and no lockout can be in force
   */
  record Turn(boolean clear) implements Leave {}

  /** Somebody else has the turn. */
  record Taken() implements Admission {}

  /**
   * Not now.
   *
   * @param why for people
   */
  record Later(Instant at, String why) implements Admission {}
}
