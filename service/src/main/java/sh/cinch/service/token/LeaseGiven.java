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
 */
public record LeaseGiven(UUID leaseId, Secret authorization, Optional<Instant> expiresAt) {

  public LeaseGiven {
    TokenJson.required(leaseId, "leaseId");
    TokenJson.required(authorization, "authorization");
  }
}
