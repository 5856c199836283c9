package sh.cinch.simulator.http;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Objects;

/** The paths this server answers, and who answers them. The first route that fits takes a call. */
public final class Routes {
  private final Vertx vertx;
  private final Router router;
  private final Interference interference;
  private final RequestLog requests;

  public Routes(Vertx vertx, Router router, Interference interference, RequestLog requests) {
    this.vertx = vertx;
    this.router = router;
    this.interference = interference;
    this.requests = requests;
  }

  /**
   * A call of the imitated Bitbucket: counted, and open to faults. Answered on the event loop,
   * since all it ever waits for is the world's lock, held for microseconds.
   */
  public void imitate(HttpMethod method, String path, Answering answering) {
    router.route(method, path).handler(imitation(path, answering));
  }

  /** The same by every method, for whatever no earlier route took. */
  public void imitate(String path, Answering answering) {
    router.route(path).handler(imitation(path, answering));
  }

  private Handler<RoutingContext> imitation(String path, Answering answering) {
    return context ->
        read(
            context,
            path,
            call -> interference.come(new HttpExchange(vertx, context, call, answering, requests)));
  }

  /** A call that Bitbucket does not have: on a virtual thread, so that it may wait. */
  public void serve(HttpMethod method, String path, Answering answering) {
    router
        .route(method, path)
        .handler(context -> read(context, path, call -> aside(context, call, answering)));
  }

  /** The same by every method, for whatever no earlier route took. */
  public void serve(String path, Answering answering) {
    router
        .route(path)
        .handler(context -> read(context, path, call -> aside(context, call, answering)));
  }

  private void aside(RoutingContext context, Call call, Answering answering) {
    Context loop = vertx.getOrCreateContext();
    Thread.ofVirtual()
        .name("serve")
        .start(
            () -> {
              Reply reply = HttpExchange.guarded(answering, call);
              loop.runOnContext(now -> HttpExchange.write(context, reply));
            });
  }

  private static void read(RoutingContext context, String route, Handler<Call> next) {
    var request = context.request();
    request
        .body()
        .onSuccess(
            body ->
                next.handle(
                    new Call(
                        request.method().name(),
                        Objects.requireNonNullElse(request.path(), "/"),
                        route,
                        Map.copyOf(context.pathParams()),
                        context.queryParams(),
                        request.headers(),
                        body)));
  }
}
