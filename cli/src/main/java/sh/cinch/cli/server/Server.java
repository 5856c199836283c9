package sh.cinch.cli.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Cinch's API, called with the person's token. */
public final class Server {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Address address;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  Server(Address address) {
    this.address = address;
  }

  public URI url() {
    return address.ingress();
  }

  /**
   * @return the answer's JSON; null where it has none
   * @throws Refusal with the server's own words where it refused
   */
  public @Nullable JsonNode call(String method, String path, @Nullable Object body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address.ingress() + "/api/v1" + path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + address.apiToken())
            .header("Accept", "application/json");
    try {
      if (body == null) {
        request.method(method, HttpRequest.BodyPublishers.noBody());
      } else {
        request
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
      }
      return read(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new Refusal(
          "Cinch does not answer at %s. Is it running (./cinch up), and is CINCH_INGRESS_URL right?"
              .formatted(address.ingress()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("interrupted");
    }
  }

  private static @Nullable JsonNode read(HttpResponse<byte[]> response) throws IOException {
    JsonNode body = response.body().length == 0 ? null : JSON.readTree(response.body());
    if (response.statusCode() < 300) {
      return body;
    }
    String detail = body == null ? "" : body.path("detail").asText(body.path("title").asText(""));
    throw new Refusal(
        switch (response.statusCode()) {
          case 401 ->
              "Cinch does not know this API token. Set CINCH_API_TOKEN to one that is valid.";
          default -> detail.isBlank() ? "Cinch answered " + response.statusCode() : detail;
        });
  }
}
