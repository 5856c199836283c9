package sh.cinch.simulator.oauth;

import java.net.URI;
import java.util.List;

/**
 * The one OAuth client this Bitbucket has registered.
 *
 * @param callback the only redirect URI it may use, to the letter
 * @param scopes what a consent grants; a request can neither widen nor narrow it
 */
public record OAuthClient(String id, String secret, URI callback, List<String> scopes) {

  public OAuthClient {
    scopes = List.copyOf(scopes);
  }

  @Override
  public String toString() {
    return "OAuthClient " + id;
  }
}
