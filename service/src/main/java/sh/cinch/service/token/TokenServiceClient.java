package sh.cinch.service.token;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.service.secret.Secret;

/** Calls the token-service. Each call waits for its answer: for virtual threads. */
public final class TokenServiceClient {

  /** The token-service asks the forge meanwhile. */
  private static final long PATIENCE_MS = 25_000;

  private final WebClient web;
  private final URI address;
  private final Secret serviceSecret;

  /**
   * @param serviceSecret by which the token-service knows who calls
   */
  public TokenServiceClient(WebClient web, URI address, Secret serviceSecret) {
    this.web = web;
    this.address = address;
    this.serviceSecret = serviceSecret;
  }

  /**
   * @param path after {@code /v1/credentials}
   * @param body one of this package's records; null: none
   * @return empty where the token-service does not answer
   */
  public Optional<Answer> send(HttpMethod method, String path, @Nullable Object body) {
    HttpRequest<Buffer> request =
        web.requestAbs(method, address + "/v1/credentials" + path)
            .putHeader("Authorization", "Bearer " + serviceSecret.reveal())
            .timeout(PATIENCE_MS);
    return Optional.ofNullable(
            (body == null
                    ? request.send()
                    : request
                        .putHeader("Content-Type", "application/json")
                        .sendBuffer(TokenJson.write(body)))
                .otherwiseEmpty()
                .await())
        .map(response -> new Answer(response.statusCode(), response.body()));
  }

  /** An answer, read as what the caller expects. */
  public static final class Answer {

    /** Of an RFC 9457 problem. */
    private record Problem(Optional<String> detail) {}

    private final int status;
    private final @Nullable Buffer body;

    private Answer(int status, @Nullable Buffer body) {
      this.status = status;
      this.body = body;
    }

    public int status() {
      return status;
    }

    /** Empty where it is something else. */
    public <T> Optional<T> as(Class<T> type) {
      try {
        return Optional.of(TokenJson.read(body, type));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    /** What is wrong, in the token-service's words. */
    public Optional<String> detail() {
      return as(Problem.class).flatMap(Problem::detail);
    }
  }
}
