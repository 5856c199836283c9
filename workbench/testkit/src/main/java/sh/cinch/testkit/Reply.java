package sh.cinch.testkit;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.UUID;

/** An answer over HTTP. */
public record Reply(int status, HttpHeaders headers, String body) {

  public static Reply of(HttpResponse<String> response) {
    return new Reply(response.statusCode(), response.headers(), response.body());
  }

  public JsonObject json() {
    return new JsonObject(body);
  }

  /** A field of the JSON. */
  public String text(String field) {
    return json().getString(field);
  }

  public UUID id() {
    return UUID.fromString(text("id"));
  }

  /** Empty where there is none. */
  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }
}
