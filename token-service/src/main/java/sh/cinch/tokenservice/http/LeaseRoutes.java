package sh.cinch.tokenservice.http;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.Secret;
import sh.cinch.tokenservice.lease.LeaseOutcome;
import sh.cinch.tokenservice.lease.Lending;
import sh.cinch.tokenservice.lease.Rejections;

/** Leasing, and reporting what the forge rejected. */
final class LeaseRoutes {

  private static final long USUAL_SECONDS = 60;
  private static final long MOST_SECONDS = Duration.ofDays(366).toSeconds();

  private final Lending lending;
  private final Rejections rejections;

  LeaseRoutes(Lending lending, Rejections rejections) {
    this.lending = lending;
    this.rejections = rejections;
  }

  void lease(RoutingContext context) {
    UUID id = Answers.credentialId(context);
    Duration asked = minimum(RequestBody.of(context));
    switch (lending.lease(id, Door.caller(context), asked)) {
      case LeaseOutcome.Lent(UUID leaseId, Secret authorization, Optional<Instant> expiresAt) ->
          Answers.json(
              context,
              201,
              new JsonObject()
                  .put("leaseId", leaseId.toString())
                  .put("authorization", authorization.reveal())
                  .put("expiresAt", expiresAt.map(Instant::toString).orElse(null)));
      case LeaseOutcome.Unknown unknown -> throw Answers.unknown();
      case LeaseOutcome.Ended(String why) -> throw new Problem(409, "Needs authorization", why);
      case LeaseOutcome.NotNow(String why) -> throw Answers.notNow(why);
    }
  }

  void reject(RoutingContext context) {
    UUID id = Answers.credentialId(context);
    if (!rejections.report(id, leaseId(RequestBody.of(context)))) {
      throw Answers.unknown();
    }
    Answers.nothing(context);
  }

  private static Duration minimum(RequestBody body) {
    long seconds = body.optionalWholeNumber("minimumSeconds").orElse(USUAL_SECONDS);
    if (seconds < 0 || seconds > MOST_SECONDS) {
      throw RequestBody.malformed("field 'minimumSeconds' is not from 0 to " + MOST_SECONDS);
    }
    return Duration.ofSeconds(seconds);
  }

  private static UUID leaseId(RequestBody body) {
    try {
      return UUID.fromString(body.text("leaseId"));
    } catch (IllegalArgumentException e) {
      throw RequestBody.malformed("field 'leaseId' is not an id as leases have them");
    }
  }
}
