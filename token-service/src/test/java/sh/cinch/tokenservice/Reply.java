package sh.cinch.tokenservice;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.UUID;

/** An answer over HTTP. */
record Reply(int status, String body, HttpHeaders headers) {

  static Reply of(HttpResponse<String> response) {
    return new Reply(response.statusCode(), response.body(), response.headers());
  }

  JsonObject json() {
    return new JsonObject(body);
  }

  String text(String field) {
    return json().getString(field);
  }

  UUID id() {
    return UUID.fromString(text("id"));
  }
}
