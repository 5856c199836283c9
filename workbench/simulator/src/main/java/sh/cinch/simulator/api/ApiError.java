package sh.cinch.simulator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;

/** Refusals in Bitbucket's envelope, and the one that comes without. */
final class ApiError {
  private static final String ANNOUNCEMENT =
      "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770";

  private ApiError() {}

  static Reply of(int status, String message) {
    return Reply.json(status, envelope(message));
  }

  static Reply expired() {
    return of(401, "Access token expired. Use your refresh token to obtain a new access token.");
  }

  /** Said of unknown tokens, and of whatever is not a bearer token. */
  static Reply unauthorized() {
    return of(401, "Token is invalid, expired, or not supported for this endpoint.");
  }

  /** The detail is an object here, whatever the documented schema says. */
  static Reply lacksScopes(Collection<String> granted, Collection<String> required) {
    ObjectNode body = envelope("Your credentials lack one or more required privilege scopes.");
    ObjectNode detail = error(body).putObject("detail");
    detail.set("granted", strings(granted));
    detail.set("required", strings(required));
    return Reply.json(403, body);
  }

  static Reply forbidden(String message) {
    return of(403, message);
  }

  /** Also said of what exists but may not be seen. */
  static Reply noRepository(String workspace, String repository) {
    ObjectNode body =
        envelope(
            "You may not have access to this repository or it no longer exists in this workspace."
                + " If you think this repository exists and you have access, make sure you are"
                + " authenticated.");
    error(body).put("detail", workspace + "/" + repository);
    return Reply.json(404, body);
  }

  static Reply notFound(String what) {
    return of(404, what);
  }

  /** What is wrong by field; the message repeats the first. */
  static Reply fields(Map<String, List<String>> problems) {
    var first = problems.entrySet().iterator().next();
    ObjectNode body = envelope(first.getKey() + ": " + first.getValue().getFirst());
    ObjectNode fields = error(body).putObject("fields");
    problems.forEach((field, messages) -> fields.set(field, strings(messages)));
    return Reply.json(400, body);
  }

  static Reply removed() {
    ObjectNode body = envelope("CHANGE-2770 - Functionality has been deprecated");
    error(body)
        .put("detail", "Please read the changelog entry for more details.")
        .putObject("data")
        .put("announcement_url", ANNOUNCEMENT);
    body.putObject("data").put("announcement_url", ANNOUNCEMENT);
    return Reply.json(410, body);
  }

  /** Plain text, and no word on when to come back. */
  static Reply rateLimited() {
    return Reply.of(
        429, "text/plain", Buffer.buffer("Rate limit for this resource has been exceeded"));
  }

  /** In a proxy's own words. */
  static Reply tooLarge() {
    String title = "413 Request Entity Too Large";
    return Reply.html(
        413,
        "<html><head><title>%s</title></head><body><center><h1>%s</h1></center></body></html>"
            .formatted(title, title));
  }

  private static ObjectNode envelope(String message) {
    ObjectNode body = Json.object().put("type", "error");
    body.putObject("error").put("message", message);
    return body;
  }

  private static ObjectNode error(ObjectNode envelope) {
    return (ObjectNode) envelope.get("error");
  }

  private static ArrayNode strings(Collection<String> values) {
    ArrayNode array = Json.array();
    values.forEach(array::add);
    return array;
  }
}
