package sh.cinch.tokenservice.http;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.http.BodyStep;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.http.Problem;
import sh.cinch.tokenservice.acquire.CodeExchange;
import sh.cinch.tokenservice.acquire.PastedTokens;
import sh.cinch.tokenservice.caller.Callers;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.lease.LeaseAudit;
import sh.cinch.tokenservice.lease.LeaseIssuer;
import sh.cinch.tokenservice.lease.Rejections;

/**
 * All of the internal API. Whoever is not known is told nothing, not even what routes there are.
 */
public final class TokenRoutes {

  private static final String ONE = "/v1/credentials/:id";

  private TokenRoutes() {}

  /**
   * @param isReady whether the keyset is known to fit; no credential is served before
   * @param due called where a credential has become due
   */
  public static Router router(
      Vertx vertx,
      HttpBounds bounds,
      Callers callers,
      BooleanSupplier isReady,
      CodeExchange codes,
      PastedTokens pastedTokens,
      Credentials credentials,
      LeaseIssuer leases,
      Rejections rejections,
      LeaseAudit audit,
      InstantSource clock,
      Runnable due) {
    CredentialRoutes credential =
        new CredentialRoutes(codes, pastedTokens, credentials, audit, clock, due);
    LeaseRoutes lease = new LeaseRoutes(leases, rejections);
    Router router = Router.router(vertx);
    router.route().handler(new ServiceAuthentication(callers));
    router.route().handler(context -> gate(context, isReady));
    router
        .route()
        .handler(
            new BodyStep(
                vertx,
                bounds,
                RequestLimits.INTERNAL_BODY,
                BodyStep.WITHIN,
                context -> Optional.of("service:" + ServiceAuthentication.caller(context).word())));
    router.post("/v1/credentials").handler(BlockingHandler.handler(credential::create));
    router.get(ONE).handler(BlockingHandler.handler(credential::show));
    router.delete(ONE).handler(BlockingHandler.handler(credential::erase));
    router.post(ONE + "/replacements").handler(BlockingHandler.handler(credential::replaced));
    router.post(ONE + "/tries").handler(BlockingHandler.handler(credential::tryOnceMore));
    router.get(ONE + "/leases").handler(BlockingHandler.handler(credential::audit));
    router.post(ONE + "/leases").handler(lease::lease);
    router.post(ONE + "/rejections").handler(BlockingHandler.handler(lease::reject));
    router.route().handler(context -> context.fail(404));
    router.route().failureHandler(TokenRoutes::failed);
    return router;
  }

  private static void gate(RoutingContext context, BooleanSupplier isReady) {
    if (isReady.getAsBoolean()) {
      context.next();
    } else {
      Answers.notNow(
              "The token-service serves no credential before its keyset is known to fit its"
                  + " database. Its management port says what is missing.")
          .send(context.response());
    }
  }

  private static void failed(RoutingContext context) {
    if (context.failure() instanceof Problem said) {
      said.send(context.response());
      return;
    }
    Problem problem =
        switch (context.statusCode()) {
          case 404 -> new Problem(404, "No such route", "See the internal API under /v1.");
          case 400 -> new Problem(400, "Malformed request", "This is not HTTP as it should be.");
          default -> new Problem(500, "Internal error", "Cinch could not do this.");
        };
    problem.send(context.response());
  }
}
