package sh.cinch.ingress.web.pages;

import io.vertx.core.Vertx;
import io.vertx.ext.auth.oauth2.OAuth2Auth;
import io.vertx.ext.auth.oauth2.OAuth2AuthorizationURL;
import io.vertx.ext.auth.oauth2.OAuth2Options;
import java.net.URI;
import sh.cinch.ingress.token.RandomToken;

/**
 * Where people consent. No scopes are sent: Bitbucket asks for those that its OAuth client is
 * registered with, and whether a request can narrow them is not documented.
 */
final class ConsentUrl {

  private static final String PATH = "/site/oauth2/authorize";

  private final OAuth2Auth oauth;
  private final URI callback;

  ConsentUrl(Vertx vertx, URI bitbucketUrl, String clientId, URI callback) {
    this.oauth =
        OAuth2Auth.create(
            vertx,
            new OAuth2Options()
                .setClientId(clientId)
                .setSite(bitbucketUrl.toString())
                .setAuthorizationPath(PATH));
    this.callback = callback;
  }

  /** What the code must be exchanged with again, to the letter. */
  URI callback() {
    return callback;
  }

  String with(RandomToken state) {
    return oauth.authorizeURL(
        new OAuth2AuthorizationURL().setRedirectUri(callback.toString()).setState(state.text()));
  }
}
