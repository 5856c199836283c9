package sh.cinch.tokenservice.credential;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import sh.cinch.bitbucket.oauth.TokenPair;
import sh.cinch.service.secret.Secret;

/**
 * What is put into a credential's row.
 *
 * @param authorization the whole value of the {@code Authorization} header
 * @param refresh where empty, the one that is there stays in force
 * @param scopes where empty, those that are there stay
 */
public record FreshToken(
    Secret authorization,
    Optional<Secret> refresh,
    Instant madeAt,
    Optional<TokenLife> life,
    Set<String> scopes) {

  public FreshToken {
    scopes = Set.copyOf(scopes);
  }

  /**
   * @param askedAt before the request was sent
   */
  public static FreshToken of(TokenPair pair, Instant askedAt) {
    // No finer than a row holds it: what is read back must be what was told.
    Instant madeAt = askedAt.truncatedTo(ChronoUnit.MILLIS);
    Instant end = madeAt.plus(pair.expiresIn().orElse(TokenLife.UNSTATED));
    return new FreshToken(
        Secret.of("Bearer " + pair.accessToken().reveal()),
        pair.refreshToken().map(token -> Secret.of(token.reveal())),
        madeAt,
        Optional.of(new TokenLife(madeAt, end)),
        pair.scopes());
  }

  /**
   * @param end where a person told it: the forge does not, of pasted tokens
   */
  public static FreshToken pasted(
      Secret authorization, Instant now, Optional<Instant> end, Set<String> scopes) {
    Instant madeAt = now.truncatedTo(ChronoUnit.MILLIS);
    return new FreshToken(
        authorization,
        Optional.empty(),
        madeAt,
        end.map(time -> new TokenLife(madeAt, time.truncatedTo(ChronoUnit.MILLIS))),
        scopes);
  }
}
