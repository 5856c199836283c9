package sh.cinch.ingress.credential;

import java.util.Optional;
import sh.cinch.service.secret.Secret;

/**
 * A token that a person made on the forge and gave to Cinch.
 *
 * @param fullName the repository it is for
 * @param email whose API token it is; empty for access tokens
 */
public record PastedToken(String forge, String fullName, Secret token, Optional<String> email) {}
