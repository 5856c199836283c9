package sh.cinch.ingress.git;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import sh.cinch.ingress.token.RandomToken;

/** The API token that git shows: as the password of any user, or as a header that it was given. */
final class Shown {

  private static final String BASIC = "Basic ";

  private Shown() {}

  static Optional<RandomToken> by(HttpServerRequest request) {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    return authorization == null
        ? Optional.empty()
        : RandomToken.bearer(authorization).or(() -> password(authorization));
  }

  private static Optional<RandomToken> password(String authorization) {
    if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return Optional.empty();
    }
    try {
      byte[] pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
      String text = new String(pair, StandardCharsets.UTF_8);
      return RandomToken.shown(text.substring(text.indexOf(':') + 1));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
