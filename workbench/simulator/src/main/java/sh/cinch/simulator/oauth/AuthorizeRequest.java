package sh.cinch.simulator.oauth;

import java.util.Optional;
import java.util.function.Function;

/** What the client asks for when it sends a browser here. */
sealed interface AuthorizeRequest {

  /**
   * A request that may be put before a person.
   *
   * @param redirectUri as it was sent, if it was: the exchange is held to it
   */
  record Valid(Optional<String> state, Optional<String> redirectUri) implements AuthorizeRequest {}

  /** A request whose answer can be sent nowhere, since whoever made it is not known. */
  record Misconfigured(String why) implements AuthorizeRequest {}

  static AuthorizeRequest read(Function<String, Optional<String>> parameters, OAuthClient client) {
    Optional<String> redirectUri = parameters.apply("redirect_uri");
    if (!parameters.apply("client_id").equals(Optional.of(client.id()))) {
      return new Misconfigured("Invalid client_id");
    }
    if (!parameters.apply("response_type").equals(Optional.of("code"))) {
      return new Misconfigured("Unsupported response_type");
    }
    if (redirectUri.isPresent() && !redirectUri.equals(Optional.of(client.callback().toString()))) {
      return new Misconfigured("Invalid redirect_uri");
    }
    return new Valid(parameters.apply("state"), redirectUri);
  }
}
