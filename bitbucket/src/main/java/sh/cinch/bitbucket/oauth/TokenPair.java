package sh.cinch.bitbucket.oauth;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import sh.cinch.bitbucket.OpaqueToken;

/**
 * What a grant gives.
 *
 * @param accessToken up to some 2,500 characters
 * @param refreshToken where empty, the one used stays in force; else it is to be replaced by this
 * @param expiresIn the access token's life; empty where the answer does not say or cannot be
 *     believed
 * @param scopes what was granted; empty where the answer does not say
 */
public record TokenPair(
    OpaqueToken accessToken,
    Optional<OpaqueToken> refreshToken,
    Optional<Duration> expiresIn,
    Set<String> scopes) {
  public TokenPair {
    scopes = Set.copyOf(scopes);
  }
}
