package sh.cinch.statusworker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The simulator, as the rest of the world plays it. */
final class Bitbucket {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI simulator;

  Bitbucket(URI simulator) {
    this.simulator = simulator;
  }

  /** A new repository's uuid. */
  String create(String fullName) {
    return call("PUT", "/repositories/" + fullName, Map.of()).path("uuid").asText();
  }

  /** A new commit on main. */
  String push(String fullName) {
    Map<String, ?> change = Map.of("ref", "refs/heads/main");
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

  void fault(Map<String, ?> fault) {
    call("POST", "/faults", fault);
  }

  void mend() {
    call("DELETE", "/faults", Map.of());
  }

  /** What stands on a commit: {@code key=STATE}, in the order of keys. */
  List<String> statuses(String fullName, String commit) {
    List<String> found = new ArrayList<>();
    for (JsonNode status : standing(fullName, commit)) {
      found.add(status.path("key").asText() + "=" + status.path("state").asText());
    }
    return found.stream().sorted().toList();
  }

  List<JsonNode> standing(String fullName, String commit) {
    return of(fullName, "statuses", commit);
  }

  /** The states that were written on a commit, in order. */
  List<String> writes(String fullName, String commit) {
    return of(fullName, "writes", commit).stream()
        .map(write -> write.path("body").path("state").asText())
        .toList();
  }

  private List<JsonNode> of(String fullName, String list, String commit) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode one : call("GET", "/repositories/" + fullName + "/statuses", null).path(list)) {
      if (one.path("commit").asText().equals(commit)) {
        found.add(one);
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
