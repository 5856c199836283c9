package sh.cinch.ingress.connecting.session;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * What a browser keeps: no script reads it, and no other site's form sends it.
 *
 * @param name without the prefix that it has over TLS
 * @param secure whether it is sent over TLS only; then no other host of the domain can set it
 */
public record BrowserCookie(String name, Duration lifetime, boolean secure) {

  private static final String OF_THIS_HOST = "__Host-";

  public BrowserCookie {
    name = secure ? OF_THIS_HOST + name : name;
  }

  /** Empty where there is none. */
  public Optional<String> read(HttpServerRequest request) {
    return Optional.ofNullable(request.getCookie(name))
        .map(Cookie::getValue)
        .filter(value -> !value.isEmpty());
  }

  public void set(HttpServerResponse response, String value) {
    response.addCookie(cookie(value).setMaxAge(lifetime.toSeconds()));
  }

  public void clear(HttpServerResponse response) {
    response.addCookie(cookie("").setMaxAge(0));
  }

  private Cookie cookie(String value) {
    return Cookie.cookie(name, value)
        .setPath("/") // the prefix wants all of it
        .setHttpOnly(true)
        .setSecure(secure)
        .setSameSite(CookieSameSite.LAX);
  }
}
