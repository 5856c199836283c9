package sh.cinch.statusworker;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The token-service's side of leasing: lends what a test gives it, over HTTP. */
final class FakeTokenService implements AutoCloseable {

  static final String SECRET = "the status-worker's secret";

  private static final Pattern PATH =
      Pattern.compile("/v1/credentials/([0-9a-f-]+)/(leases|rejections)");

  private final HttpServer server;
  private final Map<UUID, Credential> credentials = new ConcurrentHashMap<>();

  /** A credential: its tokens, each lent until it is rejected, and what stands in the way. */
  static final class Credential {
    private final Deque<String> tokens = new ConcurrentLinkedDeque<>();
    private final AtomicInteger rejections = new AtomicInteger();
    private volatile Optional<String> needsAuthorization = Optional.empty();

    int rejections() {
      return rejections.get();
    }

    void add(String token) {
      tokens.add(token);
    }

    void needsAuthorization(String reason) {
      needsAuthorization = Optional.of(reason);
    }

    void authorized() {
      needsAuthorization = Optional.empty();
    }
  }

  FakeTokenService(Vertx vertx) {
    this.server = vertx.createHttpServer().requestHandler(this::answer);
    server.listen(0, "localhost").await();
  }

  URI url() {
    return URI.create("http://localhost:" + server.actualPort());
  }

  Credential credential(UUID id, String token) {
    Credential credential = credentials.computeIfAbsent(id, unseen -> new Credential());
    credential.add(token);
    return credential;
  }

  private void answer(HttpServerRequest request) {
    Matcher path = PATH.matcher(request.path());
    if (!("Bearer " + SECRET).equals(request.getHeader("Authorization"))) {
      problem(request, 401, "who are you?");
    } else if (!path.matches()) {
      problem(request, 404, "no such path");
    } else {
      Credential credential = credentials.get(UUID.fromString(path.group(1)));
      if (credential == null) {
        problem(request, 404, "no such credential");
      } else if (path.group(2).equals("leases")) {
        lend(request, credential);
      } else {
        credential.rejections.incrementAndGet();
        credential.tokens.poll();
        request.response().setStatusCode(204).end();
      }
    }
  }

  private static void lend(HttpServerRequest request, Credential credential) {
    Optional<String> reason = credential.needsAuthorization;
    String token = credential.tokens.peek();
    if (reason.isPresent()) {
      problem(request, 409, reason.get());
    } else if (token == null) {
      problem(request, 503, "nothing to lend");
    } else {
      request
          .response()
          .setStatusCode(201)
          .end(
              new JsonObject()
                  .put("leaseId", UUID.randomUUID().toString())
                  .put("authorization", "Bearer " + token)
                  .putNull("expiresAt")
                  .encode());
    }
  }

  private static void problem(HttpServerRequest request, int status, String detail) {
    request
        .response()
        .setStatusCode(status)
        .end(new JsonObject().put("status", status).put("detail", detail).encode());
  }

  @Override
  public void close() {
    server.close().await();
  }
}
