package sh.cinch.simulator.world;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the browser carries back to the client, once.
 *
 * @param redirectUri where the client named one, the exchange must name the same
 */
public record AuthorizationCode(
    String value, String account, Optional<String> redirectUri, Instant expiresAt) {
  /** The real one's is not known; RFC 6749 wants it short. */
  private static final Duration LIFETIME = Duration.ofMinutes(1);

  /** A new one for an account that agreed. */
  public static AuthorizationCode fresh(
      Account account, Optional<String> redirectUri, Instant now) {
    return new AuthorizationCode(Fresh.token(24), account.uuid(), redirectUri, now.plus(LIFETIME));
  }

  @Override
  public String toString() {
    return "AuthorizationCode";
  }
}
