package sh.cinch.simulator.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One request, read to its end.
 *
 * @param path as it was sent, still percent-encoded
 * @param route the pattern the path fell under, such as {@code /2.0/repositories/:workspace/:repo}
 * @param pathParameters what stood for the names in {@code route}, decoded
 */
public record Call(
    String method,
    String path,
    String route,
    Map<String, String> pathParameters,
    MultiMap query,
    MultiMap headers,
    Buffer body) {

  /** Without headers and body, which may hold secrets. */
  @Override
  public String toString() {
    return method + " " + path;
  }

  /** What stands in the path for {@code name}, which the route must have. */
  public String at(String name) {
    return Objects.requireNonNull(pathParameters.get(name), name);
  }

  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** Name and secret with a colon between them, as HTTP Basic carries them. */
  public Optional<String> basic() {
    try {
      return header("Authorization")
          .filter(value -> value.regionMatches(true, 0, "Basic ", 0, 6))
          .map(value -> Base64.getDecoder().decode(value.substring(6).strip()))
          .map(pair -> new String(pair, StandardCharsets.UTF_8))
          .filter(pair -> pair.contains(":"));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** The body as form fields; empty where it was not sent as a form. */
  public Map<String, String> form() {
    var fields = new LinkedHashMap<String, String>();
    if (header("Content-Type").orElse("").startsWith("application/x-www-form-urlencoded")) {
      var decoder =
          new QueryStringDecoder(
              body.toString(StandardCharsets.UTF_8), StandardCharsets.UTF_8, false);
      decoder.parameters().forEach((name, values) -> fields.put(name, values.getFirst()));
    }
    return fields;
  }

  /** The body where it is a JSON object. */
  public Optional<ObjectNode> json() {
    return Json.object(body.getBytes());
  }

  /** The address the caller knows this server by: links lead back to the host that was asked. */
  public Site site() {
    return new Site("http://" + header("Host").orElse("localhost"));
  }

  /** That path on the host that was asked, still percent-encoded, with this query. */
  public String address(String otherPath, MultiMap otherQuery) {
    return site().base()
        + otherPath
        + (otherQuery.isEmpty() ? "" : "?")
        + otherQuery.entries().stream()
            .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
