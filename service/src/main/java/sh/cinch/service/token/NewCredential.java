package sh.cinch.service.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import sh.cinch.service.secret.Secret;

/** What a person gave Cinch to get in with. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = NewCredential.Code.class, name = "oauth"),
  @JsonSubTypes.Type(value = NewCredential.Token.class, name = "token")
})
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public sealed interface NewCredential {

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
  }
}
