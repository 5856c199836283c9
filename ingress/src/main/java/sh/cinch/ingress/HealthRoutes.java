package sh.cinch.ingress;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import sh.cinch.service.health.Health;
import sh.cinch.service.http.BlockingHandler;

/** Whether it is well, in a bare word: what is wrong is for the management port only. */
record HealthRoutes(Health health) {

  void mount(Router router) {
    router.get("/health/live").handler(context -> word(context.response(), "live"));
    router
        .get("/health/ready")
        .handler(
            BlockingHandler.handler(
                context -> {
                  boolean ready = health.problems().isEmpty();
                  word(
                      context.response().setStatusCode(ready ? 200 : 503),
                      ready ? "ready" : "not ready");
                }));
  }

  private static void word(HttpServerResponse response, String word) {
    response.putHeader("content-type", "text/plain").end(word + "\n");
  }
}
