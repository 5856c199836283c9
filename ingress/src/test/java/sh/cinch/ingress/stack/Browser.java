package sh.cinch.ingress.stack;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.LogSpy;
import sh.cinch.testkit.Reply;

/** A person's browser without scripts: keeps cookies, follows redirects when told to. */
public final class Browser {

  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");

  private final CookieManager cookies = new CookieManager();
  private final HttpClient http = HttpClient.newBuilder().cookieHandler(cookies).build();
  private final URI home;
  private final LogSpy log;

  Browser(URI home, LogSpy log) {
    this.home = home;
    this.log = log;
  }

  public Reply get(String address) {
    return send(HttpRequest.newBuilder(home.resolve(address)).GET().build());
  }

  public Reply post(String address, Map<String, String> form) {
    return post(
        address,
        form.entrySet().stream()
            .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
            .collect(joining("&")));
  }

  public Reply post(String address, String body) {
    return post(address, body, Map.of("content-type", "application/x-www-form-urlencoded"));
  }

  /** As a page's script would. */
  public Reply post(String address, String body, Map<String, String> headers) {
    return send("POST", address, body, headers);
  }

  /** The same with any method. */
  public Reply send(String method, String address, String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(home.resolve(address))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return send(request.build());
  }

  /** Status and headers of what may have no end. */
  public Reply head(String address) {
    HttpRequest request = HttpRequest.newBuilder(home.resolve(address)).GET().build();
    HttpResponse<InputStream> response = Http.send(http, request, BodyHandlers.ofInputStream());
    try (InputStream unread = response.body()) {
      return new Reply(response.statusCode(), response.headers(), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where an answer sends the browser. */
  public Reply follow(Reply redirect) {
    return get(redirect.header("location"));
  }

  /** Through Bitbucket's consent page, up to where it sends the browser back. */
  public String consent(String user, String decision) {
    Reply sentAway = get("/auth/bitbucket");
    String address = sentAway.header("location");
    Reply page = get(address);
    Reply decided =
        post(
            URI.create(address).resolve("/site/oauth2/authorize").toString(),
            Map.of(
                "client_id",
                hidden(page, "client_id"),
                "response_type",
                "code",
                "state",
                hidden(page, "state"),
                "redirect_uri",
                hidden(page, "redirect_uri"),
                "user",
                user,
                "decision",
                decision));
    return decided.header("location");
  }

  /** The whole round trip; answers the page it ends on. */
  public Reply signIn(String user) {
    return follow(get(consent(user, "grant")));
  }

  public String formToken() {
    return hidden(get("/connect"), "formToken");
  }

  public static String hidden(Reply page, String name) {
    Matcher field = HIDDEN.matcher(page.body());
    while (field.find()) {
      if (field.group(1).equals(name)) {
        return field.group(2);
      }
    }
    throw new AssertionError("the page has no hidden field " + name + ": " + page);
  }

  public List<HttpCookie> cookies() {
    return cookies.getCookieStore().getCookies();
  }

  private Reply send(HttpRequest request) {
    Reply reply = Reply.of(Http.send(http, request, BodyHandlers.ofString()));
    cookies().forEach(cookie -> log.hide(cookie.getValue()));
    return reply;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
