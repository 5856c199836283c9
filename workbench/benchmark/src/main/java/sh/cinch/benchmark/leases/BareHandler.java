package sh.cinch.benchmark.leases;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;
import sh.cinch.benchmark.stand.EventLoop;
import sh.cinch.benchmark.stand.Stand;
import sh.cinch.tokenservice.caller.Callers;

/**
 * The limit: the same authentication, a JSON body in, a JSON body of the same fields and size out,
 * and nothing of what makes a lease a lease.
 */
final class BareHandler implements AutoCloseable {

  static final String PATH = "/leases";

  private static final int LONGEST_BODY = 64 * 1024;

  private final EventLoop loop;
  private final HttpServer server;

  private BareHandler(EventLoop loop, HttpServer server) {
    this.loop = loop;
    this.server = server;
  }

  /**
   * @param lease what the token-service answers
   */
  static BareHandler start(JsonObject lease) {
    EventLoop loop = EventLoop.start();
    HttpServer server =
        loop.vertx()
            .createHttpServer()
            .requestHandler(router(loop.vertx(), Stand.callers(), lease))
            .listen(0)
            .await();
    return new BareHandler(loop, server);
  }

  private static Router router(Vertx vertx, Callers callers, JsonObject lease) {
    String leaseId = lease.getString("leaseId");
    String authorization = lease.getString("authorization");
    String expiresAt = lease.getString("expiresAt");
    String identity = lease.getString("identity");
    String account = lease.getString("account");
    Router router = Router.router(vertx);
    router.route().handler(context -> authenticate(context, callers));
    router.route().handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY));
    router
        .post(PATH)
        .handler(
            context -> {
              JsonObject asked = new JsonObject(context.body().buffer());
              context
                  .response()
                  .setStatusCode(asked.isEmpty() ? 201 : 200)
                  .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                  .end(
                      new JsonObject()
                          .put("leaseId", leaseId)
                          .put("authorization", authorization)
                          .put("expiresAt", expiresAt)
                          .put("identity", identity)
                          .put("account", account)
                          .toBuffer());
            });
    return router;
  }

  private static void authenticate(RoutingContext context, Callers callers) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Optional<String> authorization =
        Optional.ofNullable(context.request().getHeader(HttpHeaders.AUTHORIZATION));
    if (callers.authenticate(authorization).isPresent()) {
      context.next();
    } else {
      context.response().setStatusCode(401).end();
    }
  }

  EventLoop loop() {
    return loop;
  }

  int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    loop.vertx().close().await();
  }
}
