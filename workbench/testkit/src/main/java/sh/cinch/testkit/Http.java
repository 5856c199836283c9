package sh.cinch.testkit;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

/** Requests as another program makes them. */
public final class Http {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Http() {}

  /**
   * @param body none where it is empty
   */
  public static Reply send(String method, String url, Map<String, String> headers, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return send(request);
  }

  public static Reply json(String method, String url, JsonObject body) {
    return send(method, url, Map.of("Content-Type", "application/json"), body.encode());
  }

  public static Reply send(HttpRequest.Builder request) {
    return Reply.of(send(CLIENT, request.build(), BodyHandlers.ofString()));
  }

  public static <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> handler) {
    return send(CLIENT, request.build(), handler);
  }

  /** By a client of the test's own, with its cookies. */
  public static <T> HttpResponse<T> send(
      HttpClient client, HttpRequest request, BodyHandler<T> handler) {
    try {
      return client.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(request + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
