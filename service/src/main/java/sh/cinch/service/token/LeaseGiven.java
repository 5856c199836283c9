package sh.cinch.service.token;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.service.secret.Secret;

/**
 * An access token.
 *
 * @param leaseId to say, should the forge reject it
 * @param authorization the whole value of the {@code Authorization} header
 * @param expiresAt empty where its end is not known
 * @param identity whose requests the forge counts together: one OAuth client's, or one token's;
 *     empty where the token-service does not say
 * @param account the forge's id of who acts with it; empty where the forge does not say
 */
public record LeaseGiven(
    UUID leaseId,
    Secret authorization,
    Optional<Instant> expiresAt,
    Optional<String> identity,
    Optional<String> account) {

  public LeaseGiven {
    TokenJson.required(leaseId, "leaseId");
    TokenJson.required(authorization, "authorization");
  }
}
