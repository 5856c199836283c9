package sh.cinch.simulator.world;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * How this Bitbucket behaves where the real one varies or is not known.
 *
 * @param accessTokenSeconds how long an OAuth access token lives; 0: an hour, and the answer does
 *     not say so
 * @param refreshGraceSeconds how long a refresh token still works after it was replaced
 * @param lockoutSeconds how long all refreshes of the client fail once a replaced token came back;
 *     0: not at all
 * @param reuseKillsGrant whether a replaced token that came back ends its grant
 * @param hourlyLimit requests an hour for a client or an access token, in each resource pool; 0:
 *     unlimited
 * @param requestUuidPerAttempt whether each try of a delivery has an {@code X-Request-UUID} of its
 *     own
 * @param retryUnanswered whether a delivery is tried again after a time-out or a network error
 */
public record Settings(
    int accessTokenSeconds,
    int refreshGraceSeconds,
    int lockoutSeconds,
    boolean reuseKillsGrant,
    int hourlyLimit,
    Dialect dialect,
    boolean requestUuidPerAttempt,
    boolean retryUnanswered) {

  /** The shape of the token endpoint's answers, which differs from client to client. */
  public enum Dialect {
    /** {@code scopes} and {@code state}; short tokens; a refresh token that stays the same. */
    @JsonProperty("legacy")
    LEGACY,
    /** {@code scope}; tokens of 2,500 characters; a new refresh token each time. */
    @JsonProperty("current")
    CURRENT,
    /** As current, but a refresh answers without a refresh token: the old one stays. */
    @JsonProperty("kept")
    KEPT;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Settings defaults() {
    return new Settings(7200, 600, 180, false, 0, Dialect.CURRENT, false, true);
  }
}
