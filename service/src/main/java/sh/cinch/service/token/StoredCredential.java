package sh.cinch.service.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.schema.event.CredentialEvent.State;

/**
 * A credential as callers see it: nothing that could be used.
 *
 * @param kind {@code oauth}, {@code access-token} or {@code api-token}
 * @param scopes what the forge granted, in its words; empty where it does not say
 * @param account empty for tokens that belong to a repository
 * @param expiresAt when the credential itself ends, where that is known; not one access token
 * @param reason what speaks against it; beside a healthy one, a warning
 */
public record StoredCredential(
    UUID id,
    String kind,
    List<String> scopes,
    State state,
    Optional<Account> account,
    Optional<Instant> expiresAt,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> reason) {

  public StoredCredential {
    TokenJson.required(id, "id");
    TokenJson.required(kind, "kind");
    TokenJson.required(state, "state");
    scopes = List.copyOf(TokenJson.required(scopes, "scopes"));
  }

  public CredentialHealth health() {
    return new CredentialHealth(state, reason, expiresAt);
  }
}
