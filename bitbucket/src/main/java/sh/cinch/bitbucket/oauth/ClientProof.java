package sh.cinch.bitbucket.oauth;

import java.util.Locale;

/**
 * Whether our OAuth client as such is accepted. Only a client marked private may ask for a token
 * for itself; one that is told it may not has been recognised all the same.
 */
public sealed interface ClientProof {

  record Proven() implements ClientProof {}

  /**
   * @param says in Bitbucket's words
   */
  record Refused(String says) implements ClientProof {}

  /** Bitbucket gave no answer that says so. */
  record Unknown(String what) implements ClientProof {}

  static ClientProof of(TokenAnswer answer) {
    return switch (answer) {
      case TokenAnswer.Granted granted -> new Proven();
      case TokenAnswer.RefusedEither(String error, String description) ->
          refused(error, description);
      case TokenAnswer.RefusedClient(String error, String description) ->
          refused(error, description);
      case TokenAnswer.RefusedGrant(String error, String description) -> new Unknown(error);
      case TokenAnswer.Throttled throttled -> new Unknown("429: too many requests");
      case TokenAnswer.Unclear(String what, boolean mayHaveHappened) -> new Unknown(what);
    };
  }

  private static ClientProof refused(String error, String description) {
    return description.toLowerCase(Locale.ROOT).contains("cannot use client_credentials")
        ? new Proven()
        : new Refused(description.isBlank() ? error : error + ": " + description);
  }
}
