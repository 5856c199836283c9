package sh.cinch.ingress.connecting.credential;

import sh.cinch.service.token.StoredCredential;

/** The token-service's answer to a code or a token. */
public sealed interface StoreResult {

  /**
   * @param isNew false where the same grant or token was stored before
   */
  record Stored(StoredCredential credential, boolean isNew) implements StoreResult {}

  /**
   * @param why what the forge refused and what to do, for the person who gave it
   */
  record Refused(String why) implements StoreResult {}

  /** Not now: the token-service or the forge is away. */
  record Away(String why) implements StoreResult {}
}
