package sh.cinch.local.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The simulated Bitbucket, seen from behind: what happens there, and what really arrived. */
final class Forge {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private final URI url;
  private final String fullName;
  private final HttpClient http = HttpClient.newHttpClient();

  Forge(URI url, String fullName) {
    this.url = url;
    this.fullName = fullName;
  }

  /** A ref as a push moved it, with what became of the delivery. */
  record Pushed(List<Change> changes, int status, long deliveryMs) {
    record Change(String ref, String hash) {}
  }

  /** A status write as Bitbucket saw it. */
  record Write(OffsetDateTime time, String commit, String key, String state, int answer) {}

  void createRepository() {
    call("PUT", "/_simulator/repositories/" + fullName, Map.of());
  }

  /** Its hooks, asked the way the owner of a repository would, with a token of the repository. */
  List<JsonNode> hooks() {
    String token =
        call(
                "POST",
                "/_simulator/repositories/" + fullName + "/tokens",
                Map.of("scopes", List.of("webhook")))
            .path("token")
            .asText();
    JsonNode page =
        send(
            request("/2.0/repositories/" + fullName + "/hooks")
                .header("Authorization", "Bearer " + token)
                .GET());
    return elements(page.path("values"));
  }

  Pushed push(List<String> refs) {
    JsonNode answer =
        call(
            "POST",
            "/_simulator/repositories/" + fullName + "/push",
            Map.of("changes", refs.stream().map(ref -> Map.of("ref", ref)).toList()));
    JsonNode attempts = answer.path("deliveries").path(0).path("attempts");
    if (attempts.size() != 1) {
      throw new Unexpected(
          "the delivery took %d attempts: %s".formatted(attempts.size(), attempts));
    }
    return new Pushed(
        elements(answer.path("changes")).stream()
            .map(
                change ->
                    new Pushed.Change(change.path("ref").asText(), change.path("new").asText()))
            .toList(),
        attempts.path(0).path("status").asInt(),
        attempts.path(0).path("ms").asLong());
  }

  List<Write> writes() {
    return elements(statuses().path("writes")).stream()
        .map(
            write ->
                new Write(
                    OffsetDateTime.parse(write.path("time").asText()),
                    write.path("commit").asText(),
                    write.path("key").asText(),
                    write.path("body").path("state").asText(),
                    write.path("answer").asInt()))
        .toList();
  }

  /**
   * A file in the downloads, as Bitbucket holds it.
   *
   * @param sha256 of what really arrived
   */
  record Stored(long size, String sha256) {}

  /** The downloads, by name. */
  Map<String, Stored> downloads() {
    return elements(
            send(request("/_simulator/repositories/" + fullName + "/downloads").GET())
                .path("downloads"))
        .stream()
        .collect(
            Collectors.toMap(
                file -> file.path("name").asText(),
                file -> new Stored(file.path("size").asLong(), file.path("sha256").asText())));
  }

  /** What a person would see on the commit now, by key. */
  String state(String commit, String key) {
    return elements(statuses().path("statuses")).stream()
        .filter(
            status ->
                status.path("commit").asText().equals(commit)
                    && status.path("key").asText().equals(key))
        .map(status -> status.path("state").asText())
        .findFirst()
        .orElse("nothing");
  }

  private JsonNode statuses() {
    return send(request("/_simulator/repositories/" + fullName + "/statuses").GET());
  }

  private JsonNode call(String method, String path, Object body) {
    try {
      return send(
          request(path)
              .method(
                  method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE);
  }

  private JsonNode send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() >= 300) {
        throw new Unexpected(
            "the simulator answered %d to %s".formatted(response.statusCode(), response.uri()));
      }
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new Unexpected("the simulator does not answer: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unexpected("interrupted");
    }
  }

  private static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
