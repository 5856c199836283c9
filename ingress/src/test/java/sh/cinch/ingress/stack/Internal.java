package sh.cinch.ingress.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;

/** The release-worker, or somebody who would like to be it. */
public record Internal(int port, String secret) {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

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
    try {
      return HTTP.send(request.build(), handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
