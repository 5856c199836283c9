package sh.cinch.ingress.token;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import sh.cinch.service.secret.Secret;

/**
 * 256 random bits that open something for whoever holds them: a session, an API, one sign-in. Only
 * the hash is stored; nobody guesses what it was made from, so it needs no salt.
 */
public record RandomToken(Secret secret) {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;
  private static final int LONGEST = 200;
  private static final String BEARER = "Bearer ";

  public static RandomToken fresh() {
    return withPrefix("");
  }

  /**
   * @param prefix tells people, and tools that look for leaked tokens, what it is
   */
  public static RandomToken withPrefix(String prefix) {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new RandomToken(
        Secret.of(prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)));
  }

  /** One that somebody showed; empty where there is nothing that could be one. */
  public static Optional<RandomToken> shown(@Nullable String text) {
    return text == null || text.isEmpty() || text.length() > LONGEST
        ? Optional.empty()
        : Optional.of(new RandomToken(Secret.of(text)));
  }

  /** One that was shown in a header {@code Authorization}; empty where it is of another scheme. */
  public static Optional<RandomToken> bearer(@Nullable String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? shown(authorization.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  public String text() {
    return secret.reveal();
  }

  public byte[] hash() {
    return DigestUtils.sha256(text());
  }
}
