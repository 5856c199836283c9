package sh.cinch.simulator.http;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Objects;
import sh.cinch.simulator.store.ContentStore;

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

  /** The same for a call that brings files; they are on the disk when it is answered. */
  public void receive(HttpMethod method, String path, ContentStore store, Receiving receiving) {
    router
        .route(method, path)
        .handler(
            context -> {
              Call call = call(context, path, Buffer.buffer());
              FormReader.read(vertx, context.request(), store, receiving.mostBytes())
                  .onComplete(
                      form -> come(context, call, form, store, receiving),
                      failure -> HttpExchange.fail(context, call, failure));
            });
  }

  private void come(
      RoutingContext context, Call call, Form form, ContentStore store, Receiving receiving) {
    var exchange =
        new FormExchange(
            new HttpExchange(
                vertx, context, call, asked -> receiving.answer(asked, form), requests),
            form,
            store);
    switch (form) {
      case Form.Torn torn -> {
        exchange.answer();
        exchange.cut();
      }
      case Form.Whole whole -> interference.come(exchange);
      case Form.Other other -> interference.come(exchange);
      case Form.Malformed malformed -> interference.come(exchange);
      case Form.TooLarge tooLarge -> interference.come(exchange);
    }
  }

  /** The same for a call whose body and answer are streams. */
  public void stream(HttpMethod method, String path, Streaming streaming) {
    router
        .route(method, path)
        .handler(
            context ->
                interference.come(
                    new StreamExchange(
                        vertx,
                        context,
                        call(context, path, Buffer.buffer()),
                        streaming,
                        requests)));
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
    context.request().body().onSuccess(body -> next.handle(call(context, route, body)));
  }

  private static Call call(RoutingContext context, String route, Buffer body) {
    var request = context.request();
    return new Call(
        request.method().name(),
        Objects.requireNonNullElse(request.path(), "/"),
        route,
        Map.copyOf(context.pathParams()),
        context.queryParams(),
        request.headers(),
        body);
  }
}
