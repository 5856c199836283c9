package sh.cinch.service.lease;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.service.secret.Secret;

/**
 * An access token, lent for a while.
 *
 * @param authorization the whole value of the {@code Authorization} header
 * @param expiresAt when to ask for another; {@link Instant#MAX} where it does not expire
 * @param identity whose requests the forge counts together
 * @param account the forge's id of who acts with it; empty where that is not known
 */
public record Lease(
    UUID id, Secret authorization, Instant expiresAt, String identity, Optional<String> account) {}
