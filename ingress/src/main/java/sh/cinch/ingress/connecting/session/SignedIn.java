package sh.cinch.ingress.connecting.session;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.Secret;

/** Which session a request belongs to, and whether its forms are its own. */
public final class SignedIn {

  /** The field of every form that changes something. */
  public static final String FORM_FIELD = "formToken";

  /** The same for scripts that call the API with a session. */
  public static final String FORM_HEADER = "X-Form-Token";

  private static final String FOUND = "session";

  private final Sessions sessions;
  private final BrowserCookie cookie;

  /** As it was called over TLS, too, before it had a prefix there. */
  private final BrowserCookie former = cookie(false);

  public SignedIn(Sessions sessions, URI baseUrl) {
    this.sessions = sessions;
    this.cookie = cookie(isSecure(baseUrl));
  }

  private static BrowserCookie cookie(boolean secure) {
    return new BrowserCookie("cinch_session", Sessions.LIFETIME, secure);
  }

  public static boolean isSecure(URI baseUrl) {
    return "https".equals(baseUrl.getScheme());
  }

  /** Of a page's request: looked up once, however many of its handlers ask. */
  public Optional<Session> find(RoutingContext context) {
    Optional<Session> found = context.get(FOUND);
    if (found == null) {
      found = find(context.request());
      context.put(FOUND, found);
    }
    return found;
  }

  public Optional<Session> find(HttpServerRequest request) {
    return token(request).flatMap(sessions::find);
  }

  public Optional<Session> find(RandomToken token) {
    return sessions.find(token);
  }

  public Optional<RandomToken> token(HttpServerRequest request) {
    return cookie.read(request).flatMap(RandomToken::shown);
  }

  public void begin(HttpServerResponse response, RandomToken session) {
    cookie.set(response, session.text());
  }

  public void end(HttpServerResponse response) {
    Stream.of(cookie, former).distinct().forEach(kept -> kept.clear(response));
  }

  /**
   * @param shown what the form or header has
   * @throws Problem where another site may have made the browser send this
   */
  public static void checkForm(Session session, @Nullable String shown) {
    if (Optional.ofNullable(shown)
        .filter(text -> !text.isEmpty())
        .map(Secret::of)
        .filter(session.formToken()::matches)
        .isEmpty()) {
      throw new Problem(
          403,
          "Form out of date",
          "This form does not belong to your session any more. Load the page again and repeat.");
    }
  }
}
