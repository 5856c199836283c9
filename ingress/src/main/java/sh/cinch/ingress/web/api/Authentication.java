package sh.cinch.ingress.web.api;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import sh.cinch.ingress.web.access.Caller;
import sh.cinch.service.http.BlockingHandler;

/** Nobody learns what a request should look like before saying who they are. */
record Authentication(Callers callers) implements Handler<RoutingContext> {

  static final String CALLER = "caller";

  @Override
  public void handle(RoutingContext routing) {
    Context eventLoop = routing.vertx().getOrCreateContext();
    BlockingHandler.handler(
            context -> {
              Caller caller = callers.of(context.request());
              // What follows in the chain expects to run where it began.
              eventLoop.runOnContext(
                  unused -> {
                    context.put(CALLER, caller);
                    context.next();
                  });
            })
        .handle(routing);
  }
}
