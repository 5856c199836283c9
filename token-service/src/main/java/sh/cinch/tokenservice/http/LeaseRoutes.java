package sh.cinch.tokenservice.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.http.Problem;
import sh.cinch.tokenservice.lease.LeaseIssuer;
import sh.cinch.tokenservice.lease.LeaseResult;
import sh.cinch.tokenservice.lease.Rejections;

/** Leasing, and reporting what the forge rejected. */
final class LeaseRoutes {

  private static final long USUAL_SECONDS = 60;
  private static final long MOST_SECONDS = Duration.ofDays(366).toSeconds();

  private final LeaseIssuer lending;
  private final Rejections rejections;

  /**
   * A token is lent many times, as the same text each time, and writing thousands of characters as
   * JSON is most of what a lease from memory costs. Kept for as long as the lease itself.
   */
  private final Cache<LeaseResult.Lent, Buffer> answers = Caffeine.newBuilder().weakKeys().build();

  LeaseRoutes(LeaseIssuer lending, Rejections rejections) {
    this.lending = lending;
    this.rejections = rejections;
  }

  /** What is at hand is lent on the event loop; whatever may wait goes on a thread of its own. */
  void lease(RoutingContext context) {
    UUID id = Answers.credentialId(context);
    Duration asked = minimum(RequestBody.of(context));
    Optional<LeaseResult.Lent> atOnce =
        lending.atOnce(id, ServiceAuthentication.caller(context), asked);
    if (atOnce.isPresent()) {
      Answers.json(context, 201, answers.get(atOnce.get(), LeaseRoutes::json));
    } else {
      BlockingHandler.handler(later -> lease(later, id, asked)).handle(context);
    }
  }

  private void lease(RoutingContext context, UUID id, Duration asked) {
    switch (lending.lease(id, ServiceAuthentication.caller(context), asked)) {
      case LeaseResult.Lent lent -> Answers.json(context, 201, json(lent));
      case LeaseResult.Unknown unknown -> throw Answers.unknown();
      case LeaseResult.Ended(String why) -> throw new Problem(409, "Needs authorization", why);
      case LeaseResult.NotNow(String why) -> throw Answers.notNow(why);
    }
  }

  private static Buffer json(LeaseResult.Lent lent) {
    return new JsonObject()
        .put("leaseId", lent.leaseId().toString())
        .put("authorization", lent.authorization().reveal())
        .put("expiresAt", lent.expiresAt().map(Instant::toString).orElse(null))
        .toBuffer();
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
