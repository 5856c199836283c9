package sh.cinch.service.health;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * The port for operators: {@code /health/live}, {@code /health/ready} with what is wrong in detail,
 * {@code /metrics} for Prometheus, {@code /version}. Not for the internet.
 */
public final class ManagementServer implements AutoCloseable {

  private final HttpServer server;

  private ManagementServer(HttpServer server) {
    this.server = server;
  }

  /**
   * @param port 0 for a free one
   */
  public static ManagementServer start(
      Vertx vertx, int port, String service, Health health, PrometheusMeterRegistry metrics) {
    HttpServer server = vertx.createHttpServer();
    server.requestHandler(request -> answer(vertx, request, service, health, metrics));
    server.listen(port).await();
    return new ManagementServer(server);
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
      PrometheusMeterRegistry metrics) {
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
          request
              .response()
              .putHeader("content-type", "application/json")
              .end(
                  new JsonObject()
                      .put("service", service)
                      .put("version", Version.CURRENT)
                      .encode());
      default -> request.response().setStatusCode(404).end();
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
