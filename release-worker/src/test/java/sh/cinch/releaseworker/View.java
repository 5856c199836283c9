package sh.cinch.releaseworker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The downloads of a repository as anybody sees them who may read: listed by the API, and each
 * fetched from where that leads, without showing the token there.
 */
final class View {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String downloads;
  private final String authorization;
  private final Map<String, Set<Whole>> right = new ConcurrentHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private int fetched;

  View(Stack stack, Project project) {
    this.downloads =
        "%s/2.0/repositories/%s/downloads".formatted(stack.bitbucket.url(), project.fullName);
    this.authorization = "Bearer " + stack.bitbucket.token(project.fullName, "repository");
  }

  /**
   * From now on this is one of the contents that the name may have; one that has none must not be.
   */
  void expect(String name, Whole content) {
    right.computeIfAbsent(name, unseen -> ConcurrentHashMap.newKeySet()).add(content);
  }

  /** How many files were fetched. */
  int fetched() {
    return fetched;
  }

  /** What is wrong now: a file that is half, or of other content, or gone since it was there. */
  List<String> look() throws IOException, InterruptedException {
    Map<String, Long> listed = list();
    List<String> wrong = new ArrayList<>();
    seen.stream()
        .filter(name -> !listed.containsKey(name))
        .forEach(name -> wrong.add(name + " is gone"));
    seen.addAll(listed.keySet());
    for (Map.Entry<String, Long> file : listed.entrySet()) {
      Set<Whole> contents = right.getOrDefault(file.getKey(), Set.of());
      if (contents.stream().noneMatch(whole -> whole.size() == file.getValue())) {
        wrong.add("%s is listed with %d bytes".formatted(file.getKey(), file.getValue()));
      }
      Optional<Whole> content = fetch(file.getKey());
      if (content.filter(contents::contains).isEmpty()) {
        wrong.add("%s was fetched as %s".formatted(file.getKey(), content));
      }
    }
    return wrong;
  }

  private Map<String, Long> list() throws IOException, InterruptedException {
    Map<String, Long> found = new LinkedHashMap<>();
    Optional<String> page = Optional.of(downloads);
    while (page.isPresent()) {
      JsonNode answer = JSON.readTree(send(authorized(page.get())).body());
      for (JsonNode file : answer.path("values")) {
        found.put(file.path("name").asText(), file.path("size").asLong());
      }
      page = Optional.ofNullable(answer.path("next").textValue());
    }
    return found;
  }

  /** Empty where it cannot be. */
  private Optional<Whole> fetch(String name) throws IOException, InterruptedException {
    fetched++;
    Optional<String> elsewhere =
        send(authorized(downloads + "/" + name)).headers().firstValue("Location");
    if (elsewhere.isEmpty()) {
      return Optional.empty();
    }
    HttpResponse<byte[]> answer = send(request(elsewhere.get()));
    return answer.statusCode() == 200 ? Optional.of(Whole.of(answer.body())) : Optional.empty();
  }

  private HttpRequest.Builder authorized(String address) {
    return request(address).header("Authorization", authorization);
  }

  private static HttpRequest.Builder request(String address) {
    return HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }
}
