package sh.cinch.ingress.connecting.credential;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What may be known of a credential outside the token-service.
 *
 * @param kind {@code oauth}, {@code access-token} or {@code api-token}
 * @param scopes what the forge granted, in its words; empty where it does not say
 * @param account empty for tokens that belong to a repository
 */
public record Credential(
    UUID id, String kind, List<String> scopes, CredentialHealth health, Optional<Account> account) {

  public Credential {
    scopes = List.copyOf(scopes);
  }
}
