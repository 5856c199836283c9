package sh.cinch.simulator.world;

import java.util.Set;

/**
 * What an account allowed the OAuth client.
 *
 * @param account UUID of the account
 */
public record Grant(String id, String account, Set<String> scopes, boolean revoked) {

  public Grant {
    scopes = Set.copyOf(scopes);
  }

  Grant asRevoked() {
    return new Grant(id, account, scopes, true);
  }
}
