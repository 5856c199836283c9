package sh.cinch.bitbucket.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import sh.cinch.bitbucket.WellFormed;
import sh.cinch.bitbucket.oauth.TokenAnswer.RefusedClient;
import sh.cinch.bitbucket.oauth.TokenAnswer.RefusedEither;
import sh.cinch.bitbucket.oauth.TokenAnswer.RefusedGrant;

/**
 * Tells a refused grant from a refused client. Bitbucket says {@code unauthorized_client} for both,
 * so the description decides; and where it says nothing of either, it may be either.
 */
final class RefusalReader {
  private static final String CLIENT_NOT_AUTHENTICATED =
      "requests must be authenticated using oauth client credentials";
  private static final String REQUEST_NOT_UNDERSTOOD = "unsupported grant type";
  private static final Pattern ABOUT_THE_GRANT =
      Pattern.compile("(?i).*(refresh.?token|\\bcode\\b|redirect.?uri).*");

  /** No description that is worth reading is longer. */
  private static final int LONGEST = 300;

  private RefusalReader() {}

  /** Empty where the body is no refusal of either. */
  static Optional<TokenAnswer> read(JsonNode body) {
    String error = body.path("error").asText("");
    String description = body.path("error_description").asText("");
    String says = description.toLowerCase(Locale.ROOT);
    String shown =
        WellFormed.text(description.substring(0, Math.min(description.length(), LONGEST)));
    if (error.equals("invalid_client") || says.contains(CLIENT_NOT_AUTHENTICATED)) {
      return Optional.of(new RefusedClient(error, shown));
    }
    boolean namesTheGrant = ABOUT_THE_GRANT.matcher(says).matches();
    return switch (error) {
      case "invalid_grant" ->
          says.contains(REQUEST_NOT_UNDERSTOOD)
              ? Optional.empty()
              : Optional.of(new RefusedGrant(error, shown));
      case "invalid_scope" -> Optional.of(new RefusedGrant(error, shown));
      case "invalid_request" ->
          namesTheGrant ? Optional.of(new RefusedGrant(error, shown)) : Optional.empty();
      case "unauthorized_client", "access_denied" ->
          Optional.of(
              namesTheGrant ? new RefusedGrant(error, shown) : new RefusedEither(error, shown));
      default -> Optional.empty();
    };
  }
}
