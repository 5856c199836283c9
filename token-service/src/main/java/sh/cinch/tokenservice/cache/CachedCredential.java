package sh.cinch.tokenservice.cache;

import java.util.Optional;
import sh.cinch.service.secret.Secret;
import sh.cinch.tokenservice.credential.Credential;

/**
 * A credential with its access token at hand.
 *
 * @param authorization the value of the {@code Authorization} header; empty once erased
 */
public record CachedCredential(Credential credential, Optional<Secret> authorization) {}
