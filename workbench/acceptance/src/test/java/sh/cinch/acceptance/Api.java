package sh.cinch.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import sh.cinch.local.stack.Addresses;

/** Plain HTTP to Cinch's API and to the simulator's control. */
final class Api {

  static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Addresses addresses;
  private final Queue<String> answers = new ConcurrentLinkedQueue<>();

  Api(Addresses addresses) {
    this.addresses = addresses;
  }

  JsonNode get(String path) throws Exception {
    return JSON.readTree(call("GET", path, "").body());
  }

  /** Every answer of Cinch's API so far, with its headers. */
  List<String> answers() {
    return List.copyOf(answers);
  }

  HttpResponse<byte[]> call(String method, String path, String body) throws Exception {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(addresses.ingress() + "/api/v1" + path))
                .header("Authorization", "Bearer " + addresses.apiToken())
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    answers.add(new String(answer.body(), StandardCharsets.UTF_8) + answer.headers().map());
    return answer;
  }

  JsonNode control(String method, String path, String body) throws Exception {
    HttpResponse<byte[]> response =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(addresses.simulator().orElseThrow() + "/_simulator" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() >= 300) {
      throw new IllegalStateException(
          response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8));
    }
    return JSON.readTree(response.body());
  }

  /** A token of the repository, as its owner would make it. */
  String repositoryToken(String fullName, String... scopes) throws Exception {
    control("PUT", "/repositories/" + fullName, "{}");
    return control(
            "POST",
            "/repositories/" + fullName + "/tokens",
            JSON.writeValueAsString(Map.of("scopes", scopes)))
        .path("token")
        .asText();
  }
}
