package sh.cinch.ingress.stack;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;

/** The rest of the world, played through the simulator's control API. */
public record Bitbucket(URI url, LogSpy log) {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonObject NONE = new JsonObject();

  /** A private repository that Ada administers. */
  public JsonObject repository(String fullName) {
    return control("PUT", "/repositories/" + fullName, NONE);
  }

  /** Another one under a name that may be taken. */
  public JsonObject repository(String fullName, UUID uuid) {
    return control(
        "PUT", "/repositories/" + fullName, new JsonObject().put("uuid", uuid.toString()));
  }

  /** A repository access token, as its owner would make in the browser. */
  public String token(String fullName, String... scopes) {
    String token =
        control(
                "POST",
                "/repositories/" + fullName + "/tokens",
                new JsonObject().put("scopes", new JsonArray(List.of(scopes))))
            .getString("token");
    log.hide(token);
    return token;
  }

  public JsonObject user(String nickname, String fullName, String permission) {
    return control(
        "PUT",
        "/users/" + nickname,
        new JsonObject()
            .put("displayName", nickname)
            .put("permissions", new JsonObject().put(fullName, permission)));
  }

  /** Pushes main and answers what became of the deliveries. */
  public JsonObject push(String fullName) {
    return control(
        "POST",
        "/repositories/" + fullName + "/push",
        new JsonObject()
            .put("changes", new JsonArray().add(new JsonObject().put("ref", "refs/heads/main"))));
  }

  /** Pushes an annotated tag and answers the commit it points to. */
  public String tag(String fullName, String tag) {
    JsonObject change = new JsonObject().put("ref", "refs/tags/" + tag).put("annotated", true);
    control(
        "POST",
        "/repositories/" + fullName + "/push",
        new JsonObject().put("changes", new JsonArray().add(change)));
    return as(
            token(fullName, "repository"), "GET", "/repositories/" + fullName + "/refs/tags", NONE)
        .getJsonArray("values")
        .stream()
        .map(JsonObject.class::cast)
        .filter(each -> each.getString("name").equals(tag))
        .findFirst()
        .orElseThrow()
        .getJsonObject("target")
        .getString("hash");
  }

  /** Puts a file into the repository's downloads. */
  public void upload(String fullName, String name, String content) {
    String body =
        """
        --cut\r
        Content-Disposition: form-data; name="files"; filename="%s"\r
        Content-Type: application/octet-stream\r
        \r
        %s\r
        --cut--\r
        """
            .formatted(name, content);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/2.0/repositories/" + fullName + "/downloads"))
            .header("content-type", "multipart/form-data; boundary=cut")
            .header("authorization", "Bearer " + token(fullName, "repository:write"))
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      Reply reply = Reply.of(HTTP.send(request, BodyHandlers.ofString()));
      if (reply.status() != 201) {
        throw new IllegalStateException("the simulator answered " + reply);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public void fault(JsonObject fault) {
    control("POST", "/faults", fault);
  }

  public void clearFaults() {
    send("DELETE", "/_simulator/faults", "", "");
  }

  /** The repository's hooks, as a token of it with the scope webhook sees them. */
  public List<JsonObject> hooks(String fullName) {
    return as(
            token(fullName, "webhook", "repository"),
            "GET",
            "/repositories/" + fullName + "/hooks?pagelen=100",
            NONE)
        .getJsonArray("values")
        .stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  /** A call of the real API. */
  public JsonObject as(String token, String method, String path, JsonObject body) {
    Reply reply =
        send(method, "/2.0" + path, body.isEmpty() ? "" : body.encode(), "Bearer " + token);
    return reply.body().isEmpty() ? NONE : reply.json();
  }

  private JsonObject control(String method, String path, JsonObject body) {
    Reply reply = send(method, "/_simulator" + path, body.encode(), "");
    if (reply.status() >= 300) {
      throw new IllegalStateException("the simulator answered " + reply);
    }
    return reply.body().isEmpty() ? NONE : reply.json();
  }

  private Reply send(String method, String path, String body, String authorization) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("content-type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!authorization.isEmpty()) {
      request.header("authorization", authorization);
    }
    try {
      return Reply.of(HTTP.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
