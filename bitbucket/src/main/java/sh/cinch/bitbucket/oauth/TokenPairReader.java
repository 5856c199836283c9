package sh.cinch.bitbucket.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import sh.cinch.bitbucket.OpaqueToken;

/**
 * Reads tokens in both of Bitbucket's dialects: {@code scopes} was there first, {@code scope} is
 * new.
 */
final class TokenPairReader {
  /** What may stand in a header; anything else is no access token. */
  private static final Pattern HEADER_SAFE = Pattern.compile("[\\x21-\\x7e]+");

  private static final Duration LONGEST_BELIEVED = Duration.ofDays(366);

  private TokenPairReader() {}

  static Optional<TokenPair> read(JsonNode body) {
    return token(body.path("access_token"))
        .filter(access -> HEADER_SAFE.matcher(access.reveal()).matches())
        .map(
            access ->
                new TokenPair(
                    access,
                    token(body.path("refresh_token")),
                    duration(body.path("expires_in")),
                    scopes(body.has("scope") ? body.path("scope") : body.path("scopes"))));
  }

  private static Optional<OpaqueToken> token(JsonNode node) {
    String text = node.asText("");
    return node.isTextual() && !text.isBlank()
        ? Optional.of(new OpaqueToken(text))
        : Optional.empty();
  }

  /** A number, or a number in quotes. */
  private static Optional<Duration> duration(JsonNode seconds) {
    long value = seconds.asLong(0);
    return value > 0 && value <= LONGEST_BELIEVED.toSeconds()
        ? Optional.of(Duration.ofSeconds(value))
        : Optional.empty();
  }

  /** Words in one text, or a list of them. */
  private static Set<String> scopes(JsonNode scopes) {
    var words = new TreeSet<String>();
    if (scopes.isArray()) {
      scopes.forEach(scope -> words.add(scope.asText()));
    } else {
      words.addAll(List.of(scopes.asText("").split("[\\s,]+")));
    }
    words.remove("");
    return words;
  }
}
