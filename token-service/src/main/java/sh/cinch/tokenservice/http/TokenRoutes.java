package sh.cinch.tokenservice.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.StraightLine;
import sh.cinch.tokenservice.acquire.CodeExchange;
import sh.cinch.tokenservice.acquire.Pasting;
import sh.cinch.tokenservice.caller.Callers;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.lease.Lending;
import sh.cinch.tokenservice.lease.Rejections;

/**
 * All of the internal API. Whoever is not known is told nothing, not even what routes there are.
 */
public final class TokenRoutes {

  private static final int LONGEST_BODY = 64 * 1024;
  private static final String ONE = "/v1/credentials/:id";

  private TokenRoutes() {}

  /**
   * @param gate whom it lets through is served
   */
  public static Router router(
      Vertx vertx,
      Callers callers,
      Handler<RoutingContext> gate,
      CodeExchange codes,
      Pasting pasting,
      Credentials credentials,
      Lending lending,
      Rejections rejections) {
    CredentialRoutes credential = new CredentialRoutes(codes, pasting, credentials);
    LeaseRoutes lease = new LeaseRoutes(lending, rejections);
    Router router = Router.router(vertx);
    router.route().handler(new Door(callers));
    router.route().handler(gate);
    router.route().handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY));
    router.post("/v1/credentials").handler(StraightLine.handler(credential::create));
    router.get(ONE).handler(StraightLine.handler(credential::show));
    router.delete(ONE).handler(StraightLine.handler(credential::erase));
    router.post(ONE + "/leases").handler(StraightLine.handler(lease::lease));
    router.post(ONE + "/rejections").handler(StraightLine.handler(lease::reject));
    router.route().handler(context -> context.fail(404));
    router.route().failureHandler(TokenRoutes::failed);
    return router;
  }

  private static void failed(RoutingContext context) {
    Problem problem =
        switch (context.statusCode()) {
          case 404 -> new Problem(404, "No such route", "See the internal API under /v1.");
          case 413 ->
              new Problem(413, "Too large", "A body has at most " + LONGEST_BODY + " bytes.");
          case 400 -> new Problem(400, "Malformed request", "This is not HTTP as it should be.");
          default -> new Problem(500, "Internal error", "Cinch could not do this.");
        };
    problem.send(context.response());
  }
}
