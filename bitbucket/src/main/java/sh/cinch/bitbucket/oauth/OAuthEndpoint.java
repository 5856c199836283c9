package sh.cinch.bitbucket.oauth;

import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sh.cinch.bitbucket.OpaqueToken;
import sh.cinch.bitbucket.http.Request;
import sh.cinch.bitbucket.http.Transport;

/**
 * Exchanges codes and refresh tokens for access tokens. Each method waits for its answer, so call
 * it on a virtual thread; none throws for what Bitbucket does, and none tries twice: when to repeat
 * a refresh is the caller's to know.
 */
public final class OAuthEndpoint {
  private static final String PATH = "/site/oauth2/access_token";

  private final Transport transport;
  private final String endpoint;
  private final Supplier<String> clientAuthorization;

  /**
   * @param site e.g. {@code https://bitbucket.org}
   * @param clientAuthorization gives {@code Basic base64(id:secret)}; asked once for each call
   * @param timeout for a call, whole
   */
  public OAuthEndpoint(
      WebClient web, URI site, Supplier<String> clientAuthorization, Duration timeout) {
    this.transport = new Transport(web, timeout);
    this.endpoint = site.resolve(PATH).toString();
    this.clientAuthorization = clientAuthorization;
  }

  /**
   * @param code what came to the callback; good once
   * @param redirectUri exactly the one the person was sent away with
   */
  public TokenAnswer exchange(OpaqueToken code, URI redirectUri) {
    return ask(
        code,
        Map.of(
            "grant_type", "authorization_code",
            "code", code.reveal(),
            "redirect_uri", redirectUri.toString()));
  }

  /** Where Bitbucket rotates, the token given here lives about ten minutes on. */
  public TokenAnswer refresh(OpaqueToken refreshToken) {
    return ask(
        refreshToken,
        Map.of("grant_type", "refresh_token", "refresh_token", refreshToken.reveal()));
  }

  /** Whether Bitbucket still takes our client id and secret, asked without anybody's grant. */
  public ClientProof prove() {
    TokenAnswer answer = ask(List.of(), Map.of("grant_type", "client_credentials"));
    return ClientProof.of(answer);
  }

  private TokenAnswer ask(OpaqueToken secret, Map<String, String> form) {
    return ask(List.of(secret.reveal()), form);
  }

  private TokenAnswer ask(List<String> secrets, Map<String, String> form) {
    String credential = clientAuthorization.get();
    var headers =
        Map.of(
            "Authorization", credential,
            "Accept", "application/json",
            "Content-Type", "application/x-www-form-urlencoded");
    String bare = credential.substring(credential.indexOf(' ') + 1);
    var hidden = Stream.concat(Stream.of(bare), secrets.stream()).toList();
    var request = new Request(Request.Method.POST, endpoint, headers, encode(form), hidden);
    return TokenAnswerReader.read(transport.send(request));
  }

  private static String encode(Map<String, String> form) {
    return new TreeMap<>(form)
        .entrySet().stream()
            .map(field -> field.getKey() + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
