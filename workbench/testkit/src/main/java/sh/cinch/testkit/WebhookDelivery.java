package sh.cinch.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A delivery made by hand. */
@SuppressWarnings("ArrayRecordComponent") // built up and sent, never compared
public record WebhookDelivery(URI url, byte[] body, Map<String, String> headers) {

  /** The first attempt at a push, as Bitbucket makes it, not yet signed. */
  public static WebhookDelivery push(URI url, String hookUuid, byte[] body) {
    return new WebhookDelivery(
        url,
        body,
        Map.of(
            "Content-Type", "application/json",
            "X-Event-Key", "repo:push",
            "X-Hook-UUID", hookUuid,
            "X-Request-UUID", UUID.randomUUID().toString(),
            "X-Attempt-Number", "1"));
  }

  public WebhookDelivery with(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new WebhookDelivery(url, body, more);
  }

  public WebhookDelivery without(String name) {
    Map<String, String> fewer = new HashMap<>(headers);
    fewer.remove(name);
    return new WebhookDelivery(url, body, fewer);
  }

  public WebhookDelivery to(URI other) {
    return new WebhookDelivery(other, body, headers);
  }

  public WebhookDelivery withBody(byte[] other) {
    return new WebhookDelivery(url, other, headers);
  }

  public WebhookDelivery signed(String secret) {
    return with("X-Hub-Signature", signature(secret, body));
  }

  public static String signature(String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public int status() {
    return send().statusCode();
  }

  public HttpResponse<String> send() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(Duration.ofSeconds(15))
            .POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return Http.send(request, BodyHandlers.ofString());
  }
}
