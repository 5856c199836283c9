package sh.cinch.tokenservice.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import sh.cinch.service.http.Problem;
import sh.cinch.tokenservice.caller.Caller;
import sh.cinch.tokenservice.caller.Callers;

/** Lets nobody in who is none of Cinch's services, and nothing out that may be stored. */
record ServiceAuthentication(Callers callers) implements Handler<RoutingContext> {

  private static final String CALLER = "caller";

  @Override
  public void handle(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Optional<String> authorization =
        Optional.ofNullable(context.request().getHeader(HttpHeaders.AUTHORIZATION));
    callers
        .authenticate(authorization)
        .ifPresentOrElse(
            caller -> {
              context.put(CALLER, caller);
              context.next();
            },
            () ->
                new Problem(
                        401,
                        "Not one of Cinch's services",
                        "Send Authorization: Bearer and this service's CINCH_SERVICE_SECRET, as"
                            + " CINCH_SERVICE_SECRETS lists it here.")
                    .send(context.response()));
  }

  static Caller caller(RoutingContext context) {
    return context.get(CALLER);
  }

  static void mustStoreAndErase(RoutingContext context) {
    Caller caller = caller(context);
    if (!caller.mayStoreAndErase()) {
      throw new Problem(
          403, "Not for this service", caller.word() + " may only lease and report rejections.");
    }
  }
}
