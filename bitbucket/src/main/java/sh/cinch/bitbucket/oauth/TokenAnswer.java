package sh.cinch.bitbucket.oauth;

import java.time.Duration;
import java.util.Optional;

/** What became of a call to the token endpoint. */
public sealed interface TokenAnswer {
  record Granted(TokenPair tokens) implements TokenAnswer {}

  /**
   * The code or refresh token is not accepted, in words that are said of nothing else.
   *
   * @param error of RFC 6749, section 5.2, e.g. {@code invalid_grant}
   * @param description may be empty
   */
  record RefusedGrant(String error, String description) implements TokenAnswer {}

  /**
   * The grant or our client, in words that Bitbucket has used for both: a replaced or withdrawn
   * refresh token, a valid one while the client is locked out, a wrong client secret.
   *
   * @param description may be empty
   */
  record RefusedEither(String error, String description) implements TokenAnswer {}

  /** Our own client id or secret is not accepted, which is nobody's grant's fault. */
  record RefusedClient(String error, String description) implements TokenAnswer {}

  /**
   * 429.
   *
   * @param retryAfter empty where the answer does not say
   */
  record Throttled(Optional<Duration> retryAfter) implements TokenAnswer {}

  /**
   * Neither granted nor refused: 5xx, a time-out, a broken connection, a body that is no token
   * answer.
   *
   * @param what for people; no secrets
   * @param mayHaveHappened whether the code may be used up or the refresh token rotated away
   */
  record Unclear(String what, boolean mayHaveHappened) implements TokenAnswer {}
}
