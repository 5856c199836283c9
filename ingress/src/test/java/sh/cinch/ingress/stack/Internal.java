package sh.cinch.ingress.stack;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import sh.cinch.testkit.Http;

/** The release-worker, or somebody who would like to be it. */
public record Internal(int port, String secret) {

  /** What was answered. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Fetched(int status, HttpHeaders headers, byte[] body) {
    public String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  public Fetched fetch(String repository, String artifact) {
    HttpResponse<byte[]> response = get(repository, artifact, BodyHandlers.ofByteArray());
    return new Fetched(response.statusCode(), response.headers(), response.body());
  }

  public InputStream open(String repository, String artifact) {
    return get(repository, artifact, BodyHandlers.ofInputStream()).body();
  }

  private <T> HttpResponse<T> get(String repository, String artifact, BodyHandler<T> handler) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create(
                "http://localhost:%d/internal/repositories/%s/artifacts/%s"
                    .formatted(port, repository, artifact)));
    if (!secret.isEmpty()) {
      request.header("authorization", "Bearer " + secret);
    }
    return Http.send(request, handler);
  }
}
