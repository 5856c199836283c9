package sh.cinch.ingress.connecting.credential;

import java.time.Instant;
import java.util.Optional;
import sh.cinch.service.secret.Secret;

/**
 * A token that a person made on the forge and gave to Cinch.
 *
 * @param fullName the repository it is for
 * @param email whose API token it is; empty for access tokens
 * @param expiresAt when it ends, where the person said so: the token itself does not tell
 */
public record PastedToken(
    String forge,
    String fullName,
    Secret token,
    Optional<String> email,
    Optional<Instant> expiresAt) {}
