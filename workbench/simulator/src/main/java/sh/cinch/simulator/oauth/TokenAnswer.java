package sh.cinch.simulator.oauth;

import java.util.List;
import java.util.Optional;

/** What the token endpoint decides. */
sealed interface TokenAnswer {

  /**
   * Tokens.
   *
   * @param expiresIn seconds; absent where the answer does not say
   */
  record Issued(
      String grantType,
      String accessToken,
      Optional<String> refreshToken,
      Optional<Integer> expiresIn,
      List<String> scopes)
      implements TokenAnswer {

    @Override
    public String toString() {
      return "Issued";
    }
  }

  /** An error of RFC 6749, in the words Bitbucket has been seen to use. */
  record Refused(String error, String description) implements TokenAnswer {
    static final Refused NOT_AUTHENTICATED =
        new Refused(
            "unauthorized_client", "Requests must be authenticated using OAuth client credentials");

    /** Said of a token that was replaced or revoked, and of valid ones while the lockout lasts. */
    static final Refused INVALID_CREDENTIALS =
        new Refused("unauthorized_client", "Invalid OAuth client credentials");

    static final Refused INVALID_CLIENT =
        new Refused("invalid_client", "Client authentication failed");

    static final Refused PUBLIC_CLIENT =
        new Refused(
            "unauthorized_client",
            "Cannot use client_credentials with a consumer marked as \"public\"");

    static Refused unsupported(Optional<String> grantType) {
      return new Refused("invalid_grant", "Unsupported grant type: " + grantType.orElse("None"));
    }
  }
}
