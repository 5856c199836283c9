package sh.cinch.simulator.world;

import java.time.Instant;
import java.util.Optional;

/**
 * What the browser carries back to the client, once.
 *
 * @param redirectUri where the client named one, the exchange must name the same
 */
public record AuthorizationCode(
    String value, String account, Optional<String> redirectUri, Instant expiresAt) {

  @Override
  public String toString() {
    return "AuthorizationCode";
  }
}
