package sh.cinch.statusworker.storm;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The way from the instances to Bitbucket, on which a share of all requests comes to harm. */
final class BadWay implements AutoCloseable {

  private static final List<Integer> SERVER_ERRORS = List.of(500, 502, 503, 504);

  /** What becomes of a request; of a thousand so many. */
  enum Fate {
    /** Answered so; half of them had their effect. */
    SERVER_ERROR(50),
    /** The connection closes, and nothing happened. */
    RESET(20),
    /** It has its effect, and nobody answers. */
    LOST_ANSWER(10),
    /** Refused, with a time after which to come again. */
    RATE_LIMIT(5),
    PASSED(915);

    private final int permille;

    Fate(int permille) {
      this.permille = permille;
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final WebClient client =
      WebClient.create(
          vertx,
          new WebClientOptions().setFollowRedirects(false),
          new PoolOptions().setHttp1MaxSize(512));
  private final URI bitbucket;
  private final Random random;
  private final Map<Fate, AtomicInteger> counts = new EnumMap<>(Fate.class);
  private final HttpServer server;

  BadWay(URI bitbucket, Random random) {
    this.bitbucket = bitbucket;
    this.random = random;
    for (Fate fate : Fate.values()) {
      counts.put(fate, new AtomicInteger());
    }
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.body().onSuccess(body -> meet(request, body)))
            .listen(0, "localhost")
            .await();
  }

  URI url() {
    return URI.create("http://localhost:" + server.actualPort());
  }

  int count(Fate fate) {
    return of(fate).get();
  }

  private AtomicInteger of(Fate fate) {
    return Objects.requireNonNull(counts.get(fate));
  }

  int all() {
    return counts.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  private Fate fate() {
    int drawn = random.nextInt(1000);
    for (Fate fate : Fate.values()) {
      drawn -= fate.permille;
      if (drawn < 0) {
        return fate;
      }
    }
    throw new IllegalStateException("the shares are not a thousand");
  }

  private void meet(HttpServerRequest request, Buffer body) {
    Fate fate = fate();
    of(fate).incrementAndGet();
    switch (fate) {
      case SERVER_ERROR -> {
        int status = SERVER_ERRORS.get(random.nextInt(SERVER_ERRORS.size()));
        if (random.nextBoolean()) {
          forward(request, body, answer -> request.response().setStatusCode(status).end());
        } else {
          request.response().setStatusCode(status).end();
        }
      }
      case RESET -> request.connection().close();
      case LOST_ANSWER -> forward(request, body, answer -> request.connection().close());
      case RATE_LIMIT ->
          request
              .response()
              .setStatusCode(429)
              .putHeader("Content-Type", "text/plain")
              .putHeader("Retry-After", String.valueOf(1 + random.nextInt(3)))
              .end("Rate limit for this resource has been exceeded");
      case PASSED -> forward(request, body, answer -> relay(request, answer));
    }
  }

  private void forward(
      HttpServerRequest request, Buffer body, Consumer<HttpResponse<Buffer>> then) {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .addAll(request.headers())
            .remove("Host")
            .remove("Content-Length");
    client
        .request(request.method(), bitbucket.getPort(), bitbucket.getHost(), request.uri())
        .putHeaders(headers)
        .sendBuffer(body)
        .onSuccess(then::accept)
        .onFailure(broken -> request.connection().close());
  }

  private static void relay(HttpServerRequest request, HttpResponse<Buffer> answer) {
    request.response().setStatusCode(answer.statusCode());
    request
        .response()
        .headers()
        .addAll(answer.headers())
        .remove("Content-Length")
        .remove("Transfer-Encoding");
    request.response().end(answer.body() == null ? Buffer.buffer() : answer.body());
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
