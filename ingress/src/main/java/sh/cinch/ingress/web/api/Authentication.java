package sh.cinch.ingress.web.api;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import org.apache.commons.codec.binary.Hex;
import sh.cinch.ingress.connecting.session.Session;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.ingress.web.access.Caller;
import sh.cinch.service.http.BlockingHandler;

/**
 * Nobody learns what a request should look like before saying who they are, and nothing more is
 * read of it.
 */
record Authentication(Callers callers) implements Handler<RoutingContext> {

  static final String CALLER = "caller";

  @Override
  public void handle(RoutingContext routing) {
    routing.request().pause();
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

  /** Whose share of the bodies in flight a call is charged to. */
  static String sender(RoutingContext context) {
    return sender(Objects.requireNonNull(context.get(CALLER)), context.request());
  }

  static String sender(Caller caller, HttpServerRequest request) {
    return switch (caller) {
      case Caller.Person(Session session) -> "account:" + session.account().uuid();
      case Caller.Operator operator -> token(request);
      case Caller.Runner runner -> token(request);
    };
  }

  private static String token(HttpServerRequest request) {
    return "token:"
        + RandomToken.bearer(request.getHeader(HttpHeaders.AUTHORIZATION))
            .map(shown -> Hex.encodeHexString(shown.hash()))
            .orElseThrow();
  }
}
