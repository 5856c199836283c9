package sh.cinch.service.health;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.config.Listen;
import sh.cinch.service.exit.LastResort;
import sh.cinch.service.http.BoundedServer;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.http.Problem;

/**
 * The port for operators: {@code /health/live}, {@code /health/ready} with what is wrong in detail,
 * {@code /metrics} for Prometheus, {@code /version}. Not for the internet.
 */
public final class ManagementServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ManagementServer.class);

  private final HttpServer server;

  private ManagementServer(HttpServer server) {
    this.server = server;
  }

  public static ManagementServer start(
      Vertx vertx,
      Listen at,
      HttpBounds bounds,
      String service,
      Health health,
      PrometheusMeterRegistry metrics) {
    return start(vertx, at, bounds, service, health, metrics, Map.of());
  }

  /**
   * @param reports what else is answered, in JSON, by path; a report may block, and may throw a
   *     {@link Problem}
   */
  public static ManagementServer start(
      Vertx vertx,
      Listen at,
      HttpBounds bounds,
      String service,
      Health health,
      PrometheusMeterRegistry metrics,
      Map<String, Supplier<JsonObject>> reports) {
    return new ManagementServer(
        BoundedServer.listen(
            vertx,
            new HttpServerOptions().setHost(at.host()).setPort(at.port()),
            bounds,
            request -> answer(vertx, request, service, health, metrics, reports)));
  }

  public int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    server.close().await();
  }

  private static void answer(
      Vertx vertx,
      HttpServerRequest request,
      String service,
      Health health,
      PrometheusMeterRegistry metrics,
      Map<String, Supplier<JsonObject>> reports) {
    if (!request.method().equals(HttpMethod.GET)) {
      request.response().setStatusCode(405).end();
      return;
    }
    switch (request.path()) {
      case "/health/live" -> request.response().end("live\n");
      case "/health/ready" ->
          vertx
              .executeBlocking(health::problems, false)
              .onSuccess(problems -> ready(request, problems))
              .onFailure(e -> request.response().setStatusCode(500).end("broken\n"));
      case "/metrics" ->
          request
              .response()
              .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
              .end(metrics.scrape());
      case "/version" ->
          json(request, new JsonObject().put("service", service).put("version", Version.CURRENT));
      default -> {
        Supplier<JsonObject> report = reports.get(request.path());
        if (report == null) {
          request.response().setStatusCode(404).end();
        } else {
          vertx
              .executeBlocking(report::get, false)
              .onSuccess(found -> json(request, found))
              .onFailure(e -> failed(request, e));
        }
      }
    }
  }

  private static void json(HttpServerRequest request, JsonObject body) {
    request
        .response()
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-store")
        .end(body.encode());
  }

  private static void failed(HttpServerRequest request, Throwable e) {
    LastResort.endIfOutOfMemory(e);
    if (e instanceof Problem problem) {
      problem.send(request.response());
    } else {
      log.warn("no answer for path={}", request.path(), e);
      new Problem(500, "Internal error", "The log says why.").send(request.response());
    }
  }

  private static void ready(HttpServerRequest request, Map<String, String> problems) {
    if (problems.isEmpty()) {
      request.response().end("ready\n");
      return;
    }
    StringBuilder text = new StringBuilder("not ready\n");
    problems.forEach((part, reason) -> text.append(part).append(": ").append(reason).append('\n'));
    request.response().setStatusCode(503).end(text.toString());
  }
}
