package sh.cinch.releaseworker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The simulator, as the rest of the world plays it. */
final class Bitbucket {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI simulator;

  /**
   * A file that lies in the downloads.
   *
   * @param replaced how often another was put in its place
   */
  record Stored(long size, String sha256, int replaced) {}

  Bitbucket(URI simulator) {
    this.simulator = simulator;
  }

  /** A new repository's uuid. */
  String create(String fullName) {
    return call("PUT", "/repositories/" + fullName, Map.of()).path("uuid").asText();
  }

  /** The commit that a ref points to from now on, a new one. */
  String push(String fullName, String ref) {
    return pushed(fullName, Map.of("ref", ref));
  }

  void push(String fullName, String ref, String commit) {
    String unused = pushed(fullName, Map.of("ref", ref, "to", commit));
  }

  private String pushed(String fullName, Map<String, ?> change) {
    return call("POST", "/repositories/" + fullName + "/push", Map.of("changes", List.of(change)))
        .path("changes")
        .path(0)
        .path("new")
        .asText();
  }

  String token(String fullName, String... scopes) {
    return call("POST", "/repositories/" + fullName + "/tokens", Map.of("scopes", scopes))
        .path("token")
        .asText();
  }

  Map<String, Stored> downloads(String fullName) {
    Map<String, Stored> found = new TreeMap<>();
    for (JsonNode one :
        call("GET", "/repositories/" + fullName + "/downloads", null).path("downloads")) {
      found.put(
          one.path("name").asText(),
          new Stored(
              one.path("size").asLong(),
              one.path("sha256").asText(),
              one.path("replaced").asInt()));
    }
    return found;
  }

  void delete(String fullName, String name, String token) {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "%s/2.0/repositories/%s/downloads/%s"
                              .formatted(simulator, fullName, name)))
                  .header("Authorization", "Bearer " + token)
                  .DELETE()
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 204) {
        throw new AssertionError("deleting answered " + answer.statusCode());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  void fault(Map<String, ?> fault) {
    call("POST", "/faults", fault);
  }

  void mend() {
    call("DELETE", "/faults", Map.of());
    settings(Map.of("tornUploads", "discarded", "largestUpload", 0, "repositoryBytes", 0));
  }

  void settings(Map<String, ?> settings) {
    call("POST", "/settings", settings);
  }

  /** Requests of a method to this path and below. */
  int requests(String method, String path) {
    int found = 0;
    for (JsonNode one : call("GET", "/requests?path=" + path, null).path("requests")) {
      if (one.path("method").asText().equals(method)) {
        found += one.path("count").asInt();
      }
    }
    return found;
  }

  /** How many uploads to this path broke off before their end. */
  int torn(String path) {
    int found = 0;
    for (JsonNode one : call("GET", "/requests?path=" + path, null).path("requests")) {
      if (one.path("method").asText().equals("POST") && one.path("status").asInt() == 0) {
        found += one.path("count").asInt();
      }
    }
    return found;
  }

  private JsonNode call(String method, String path, @Nullable Map<String, ?> body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(simulator + "/_simulator" + path))
              .header("Content-Type", "application/json")
              .method(
                  method,
                  body == null
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
              .build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new AssertionError(
            "%s answered %d: %s".formatted(request, answer.statusCode(), answer.body()));
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
