package sh.cinch.releaseworker;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ingress' side of artifacts: hands out what a test lays there, over HTTP. */
final class FakeArtifactServer {

  private static final Pattern PATH =
      Pattern.compile("/internal/repositories/([0-9a-f-]+)/artifacts/([0-9a-f-]+)");

  private final HttpServer server;
  private final Map<UUID, Artifact> artifacts = new ConcurrentHashMap<>();

  /** Bytes, and how they are handed out; a test may break that. */
  static final class Artifact {
    private final UUID id = UUID.randomUUID();
    private final UUID repository;
    private final AtomicInteger fetched = new AtomicInteger();
    private volatile Consumer<HttpServerResponse> answer;

    private Artifact(UUID repository, Consumer<HttpServerResponse> answer) {
      this.repository = repository;
      this.answer = answer;
    }

    String source() {
      return "artifact:" + id;
    }

    int fetched() {
      return fetched.get();
    }

    /** As the ingress answers once it is removed. */
    void remove() {
      answers(FakeArtifactServer::absent);
    }

    void answers(Consumer<HttpServerResponse> how) {
      answer = how;
    }
  }

  FakeArtifactServer(Vertx vertx) {
    this.server = vertx.createHttpServer().requestHandler(this::answer);
    server.listen(0, "localhost").await();
  }

  URI url() {
    return URI.create("http://localhost:" + server.actualPort());
  }

  Artifact lay(UUID repository, byte[] bytes) {
    return lay(repository, response -> response.end(Buffer.buffer(bytes)));
  }

  Artifact lay(UUID repository, Consumer<HttpServerResponse> answer) {
    Artifact artifact = new Artifact(repository, answer);
    artifacts.put(artifact.id, artifact);
    return artifact;
  }

  /** How often anything was. */
  int fetched() {
    return artifacts.values().stream().mapToInt(Artifact::fetched).sum();
  }

  private void answer(HttpServerRequest request) {
    Matcher path = PATH.matcher(request.path());
    if (!("Bearer " + Stack.SECRET).equals(request.getHeader("Authorization"))) {
      request.response().setStatusCode(401).end();
      return;
    }
    Artifact artifact = path.matches() ? artifacts.get(UUID.fromString(path.group(2))) : null;
    if (artifact == null || !artifact.repository.toString().equals(path.group(1))) {
      absent(request.response());
      return;
    }
    artifact.fetched.incrementAndGet();
    artifact.answer.accept(request.response());
  }

  private static void absent(HttpServerResponse response) {
    response
        .setStatusCode(404)
        .putHeader("content-type", "application/problem+json")
        .end("{\"detail\":\"There is no such artifact.\"}");
  }
}
