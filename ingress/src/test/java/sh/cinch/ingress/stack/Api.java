package sh.cinch.ingress.stack;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.Optional;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.LogSpy;
import sh.cinch.testkit.Reply;

/** A program that calls the API. */
public record Api(URI url, Optional<String> token, LogSpy log) {

  public Reply get(String path) {
    return send("GET", path, "");
  }

  public Reply delete(String path) {
    return send("DELETE", path, "");
  }

  public Reply post(String path, JsonObject body) {
    return send("POST", path, body.encode());
  }

  /** Brings a file. */
  public Reply put(String path, Bytes file) {
    return put(path, file.headers(), file.all());
  }

  /** Its length is the client's own to say. */
  public Reply put(String path, Map<String, String> headers, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
            .PUT(BodyPublishers.ofByteArray(body));
    headers.forEach(
        (name, value) -> {
          if (!name.equals("Content-Length")) {
            request.header(name, value);
          }
        });
    return send(request);
  }

  public Reply send(String method, String path, String body) {
    return send(method, path, body, Map.of());
  }

  public Reply send(String method, String path, String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("content-type", "application/json");
    }
    headers.forEach(request::header);
    return send(request);
  }

  public Reply send(HttpRequest.Builder request) {
    token.ifPresent(value -> request.header("authorization", "Bearer " + value));
    return Http.send(request);
  }
}
