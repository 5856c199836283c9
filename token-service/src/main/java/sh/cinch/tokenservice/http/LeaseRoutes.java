package sh.cinch.tokenservice.http;

import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.http.Problem;
import sh.cinch.service.token.LeaseRequest;
import sh.cinch.service.token.Rejection;
import sh.cinch.tokenservice.cache.LeasableToken;
import sh.cinch.tokenservice.lease.LeaseIssuer;
import sh.cinch.tokenservice.lease.LeaseResult;
import sh.cinch.tokenservice.lease.Rejections;

/** Leasing, and reporting what the forge rejected. */
record LeaseRoutes(LeaseIssuer leases, Rejections rejections) {

  /** What is at hand is lent on the event loop; whatever may wait goes on a thread of its own. */
  void lease(RoutingContext context) {
    UUID id = Answers.credentialId(context);
    LeaseRequest asked = Answers.read(context, LeaseRequest.class);
    Optional<LeasableToken> atOnce =
        leases.atOnce(id, ServiceAuthentication.caller(context), asked.minimum());
    if (atOnce.isPresent()) {
      Answers.json(context, 201, atOnce.get().json(asked.shownTo()));
    } else {
      BlockingHandler.handler(later -> lease(later, id, asked)).handle(context);
    }
  }

  private void lease(RoutingContext context, UUID id, LeaseRequest asked) {
    switch (leases.lease(id, ServiceAuthentication.caller(context), asked.minimum())) {
      case LeaseResult.Lent(LeasableToken token) ->
          Answers.json(context, 201, token.json(asked.shownTo()));
      case LeaseResult.Unknown unknown -> throw Answers.unknown();
      case LeaseResult.Ended(String why) -> throw new Problem(409, "Needs authorization", why);
      case LeaseResult.NotNow(String why) -> throw Answers.notNow(why);
    }
  }

  void reject(RoutingContext context) {
    UUID id = Answers.credentialId(context);
    if (!rejections.report(id, Answers.read(context, Rejection.class).leaseId())) {
      throw Answers.unknown();
    }
    Answers.nothing(context);
  }
}
