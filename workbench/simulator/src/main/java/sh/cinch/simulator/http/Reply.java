package sh.cinch.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer, not yet sent. */
public record Reply(int status, Map<String, String> headers, Buffer body) {

  public Reply {
    // in order: of two that differ only in case, the later one is sent
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /** Without the body, which may hold secrets. */
  @Override
  public String toString() {
    return "Reply " + status;
  }

  public static Reply json(int status, JsonNode body) {
    return of(status, "application/json; charset=utf-8", Buffer.buffer(Json.bytes(body)));
  }

  public static Reply text(int status, String body) {
    return of(status, "text/plain; charset=utf-8", Buffer.buffer(body));
  }

  public static Reply html(int status, String body) {
    return of(status, "text/html; charset=utf-8", Buffer.buffer(body));
  }

  public static Reply of(int status, String contentType, Buffer body) {
    return new Reply(status, Map.of("Content-Type", contentType), body);
  }

  public static Reply empty(int status) {
    return new Reply(status, Map.of(), Buffer.buffer());
  }

  public static Reply redirect(String location) {
    return empty(302).with("Location", location);
  }

  /** For good: clients may remember it. */
  public static Reply moved(String location) {
    return empty(301).with("Location", location);
  }

  public Reply with(String header, String value) {
    return with(Map.of(header, value));
  }

  public Reply with(Map<String, String> more) {
    var all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new Reply(status, all, body);
  }

  public Reply withBody(Buffer other) {
    return new Reply(status, headers, other);
  }
}
