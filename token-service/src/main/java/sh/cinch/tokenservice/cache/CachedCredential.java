package sh.cinch.tokenservice.cache;

import java.util.Optional;
import sh.cinch.tokenservice.credential.Credential;

/**
 * A credential with its access token at hand.
 *
 * @param token empty once erased
 */
public record CachedCredential(Credential credential, Optional<LeasableToken> token) {}
