package sh.cinch.cli.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.text.Visible;

/** Cinch's API, called with the person's token. */
public final class Server {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Address address;
  private final Duration standstill;
  private final HttpClient http =
      HttpClient.newBuilder()
          // What Cinch speaks without TLS; one connection a file is also what lets one go on alone.
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  Server(Address address) {
    this(address, Duration.ofSeconds(60));
  }

  /**
   * @param standstill how long a body may not move at all before its connection is given up
   */
  Server(Address address, Duration standstill) {
    this.address = address;
    this.standstill = standstill;
  }

  public URI url() {
    return address.ingress();
  }

  /**
   * @return the answer's JSON; null where it has none
   * @throws Refusal with the server's own words where it refused
   */
  public @Nullable JsonNode call(String method, String path, @Nullable Object body) {
    return switch (ask(method, path, body, Map.of())) {
      case Answer.Done(int ignored, JsonNode answer) -> answer.isMissingNode() ? null : answer;
      case Answer.Refused(int ignored, String words, JsonNode problem) -> throw new Refusal(words);
      case Answer.Away(String why, Optional<Duration> ignored) -> throw new Refusal(why);
    };
  }

  /** One call. */
  public Answer ask(
      String method, String path, @Nullable Object body, Map<String, String> headers) {
    HttpRequest.Builder request = request(path, headers).timeout(PATIENCE);
    try {
      if (body == null) {
        request.method(method, BodyPublishers.noBody());
      } else {
        request
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
      }
      return read(http.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      return new Answer.Away(
          "Cinch does not answer at %s. Is it running (./cinch up), and is CINCH_INGRESS_URL right?"
              .formatted(address.ingress()),
          Optional.empty());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /**
   * Puts what may be gigabytes. The server is asked before the first byte leaves, so that what it
   * refuses, or has already, is not sent; and the only limit on time is that something moves.
   */
  public Answer put(String path, Outgoing content, Map<String, String> headers) {
    HttpRequest request =
        request(path, headers)
            .expectContinue(true)
            .header("Content-Type", "application/octet-stream")
            .PUT(content.body())
            .build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.ofByteArray());
    long reached = content.position();
    long since = System.nanoTime();
    while (true) {
      try {
        return read(answer.get(LOOK.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        if (content.position() != reached) {
          reached = content.position();
          since = System.nanoTime();
        } else if (System.nanoTime() - since > standstill.toNanos()) {
          answer.cancel(true);
          return new Answer.Away(
              content.allRead()
                  ? "Cinch did not say within %d s whether it has it all"
                      .formatted(standstill.toSeconds())
                  : "nothing moved for %d s".formatted(standstill.toSeconds()),
              Optional.empty());
        }
      } catch (ExecutionException e) {
        String words = e.getCause() == null ? null : e.getCause().getMessage();
        return new Answer.Away(
            "the connection broke" + (words == null ? "" : " (" + Visible.oneLine(words) + ")"),
            Optional.empty());
      } catch (InterruptedException e) {
        answer.cancel(true);
        throw interrupted();
      }
    }
  }

  private HttpRequest.Builder request(String path, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address.ingress() + "/api/v1" + path))
            .header("Authorization", "Bearer " + address.apiToken())
            .header("Accept", "application/json");
    headers.forEach(request::header);
    return request;
  }

  private static Answer read(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    JsonNode body;
    try {
      body = JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      // A proxy's page, say.
      body = null;
    } catch (IOException e) {
      throw new AssertionError("bytes in memory can be read", e);
    }
    if (status < 300 && body != null) {
      return new Answer.Done(status, body);
    }
    JsonNode problem = body == null ? MissingNode.getInstance() : body;
    String detail = problem.path("detail").asText(problem.path("title").asText(""));
    String words =
        switch (status) {
          case 401 ->
              "Cinch does not know this API token. Set CINCH_API_TOKEN to one that is valid.";
          default -> detail.isBlank() ? "Cinch answered " + status : Visible.oneLine(detail);
        };
    return status >= 500 || status == 429 || status == 408 || status < 300
        ? new Answer.Away(words, wait(response))
        : new Answer.Refused(status, words, problem);
  }

  private static Optional<Duration> wait(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(seconds -> seconds.matches("[0-9]{1,6}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
  }

  private static Refusal interrupted() {
    Thread.currentThread().interrupt();
    return new Refusal("interrupted");
  }
}
