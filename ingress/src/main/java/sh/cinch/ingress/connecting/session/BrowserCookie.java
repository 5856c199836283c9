package sh.cinch.ingress.connecting.session;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import sh.cinch.ingress.token.RandomToken;

/**
 * A token that a browser keeps: no script reads it, and no other site's form sends it.
 *
 * @param secure whether it is sent over TLS only
 */
public record BrowserCookie(String name, String path, Duration lifetime, boolean secure) {

  public Optional<RandomToken> read(HttpServerRequest request) {
    Cookie cookie = request.getCookie(name);
    return cookie == null ? Optional.empty() : RandomToken.shown(cookie.getValue());
  }

  public void set(HttpServerResponse response, RandomToken token) {
    response.addCookie(cookie(token.text()).setMaxAge(lifetime.toSeconds()));
  }

  public void clear(HttpServerResponse response) {
    response.addCookie(cookie("").setMaxAge(0));
  }

  private Cookie cookie(String value) {
    return Cookie.cookie(name, value)
        .setPath(path)
        .setHttpOnly(true)
        .setSecure(secure)
        .setSameSite(CookieSameSite.LAX);
  }
}
