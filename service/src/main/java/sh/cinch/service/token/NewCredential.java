package sh.cinch.service.token;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import sh.cinch.service.secret.Secret;

/** What a person gave Cinch to get in with. */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
@JsonPropertyOrder("kind")
public sealed interface NewCredential {

  @JsonProperty
  String kind();

  @JsonCreator
  static NewCredential of(
      @JsonProperty("kind") String kind,
      @JsonProperty("code") Secret code,
      @JsonProperty("redirectUri") URI redirectUri,
      @JsonProperty("forge") String forge,
      @JsonProperty("fullName") String fullName,
      @JsonProperty("token") Secret token,
      @JsonProperty("email") Optional<String> email,
      @JsonProperty("expiresAt") Optional<Instant> expiresAt) {
    return switch (TokenJson.required(kind, "kind")) {
      case "oauth" -> new Code(code, redirectUri);
      case "token" -> new Token(forge, fullName, token, email, expiresAt);
      default -> throw new IllegalArgumentException("field 'kind' is neither oauth nor token");
    };
  }

  /**
   * The end of an OAuth round trip.
   *
   * @param redirectUri exactly the one that the person was sent away with
   */
  record Code(Secret code, URI redirectUri) implements NewCredential {

    public Code {
      TokenJson.required(code, "code");
      if (!TokenJson.required(redirectUri, "redirectUri").isAbsolute()) {
        throw new IllegalArgumentException("field 'redirectUri' is not an absolute address");
      }
    }

    @Override
    public String kind() {
      return "oauth";
    }
  }

  /**
   * A token that a person made on the forge.
   *
   * @param fullName the repository it is for
   * @param email of the Atlassian account that an API token belongs to; access tokens have none
   * @param expiresAt when it ends, where the person said so: the token itself does not tell
   */
  record Token(
      String forge,
      String fullName,
      Secret token,
      Optional<String> email,
      Optional<Instant> expiresAt)
      implements NewCredential {

    public Token {
      TokenJson.required(forge, "forge");
      TokenJson.required(fullName, "fullName");
      TokenJson.required(token, "token");
    }

    @Override
    public String kind() {
      return "token";
    }
  }
}
