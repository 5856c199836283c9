package sh.cinch.ingress.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static sh.cinch.database.ingress.Tables.SIMULATION;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.bitbucket.webhook.PushPayload;
import sh.cinch.bitbucket.webhook.WebhookSignature;
import sh.cinch.ingress.webhooks.delivery.Deliveries;
import sh.cinch.ingress.webhooks.delivery.KeptHeaders;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.delivery.Origin;
import sh.cinch.ingress.webhooks.hook.HookName;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.KnownHook;
import sh.cinch.ingress.webhooks.publish.Push;
import sh.cinch.service.database.Database;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.RetryAfter;
import sh.cinch.service.retention.Retention;
import sh.cinch.service.trace.Traceparent;

/**
 * Composes a push of a branch that is where it was, signs it as the forge would, and has it
 * verified, read and published like one that came in. The events say that it is a test, which no
 * delivery from outside can. Blocks.
 */
public record PushSimulation(
    Database database, Hooks hooks, Deliveries deliveries, OwnPushes pushes, InstantSource clock) {

  private static final Logger log = LoggerFactory.getLogger(PushSimulation.class);

  /** Of a repository, in all instances together. */
  private static final int MOST = 5;

  static final Duration LATELY = Duration.ofHours(1);

  /**
   * Takes one of the few that a repository has in an hour; to be called before the forge is asked.
   *
   * @throws Problem 429
   */
  public void take(UUID repository) {
    Optional<Instant> tooSoon =
        database.transaction(transaction -> take(transaction, repository, clock.instant()));
    tooSoon.ifPresent(
        free -> {
          Duration pause = Duration.between(clock.instant(), free).plusSeconds(1);
          throw new Problem(
                  429,
                  "Too many simulations",
                  "A repository has %d simulated pushes an hour, and has had them. The next one is free in %d minutes."
                      .formatted(MOST, pause.toMinutes() + 1))
              .retryAfter(pause);
        });
  }

  /** Empty where there is room, else when there will be. */
  private static Optional<Instant> take(DSLContext transaction, UUID repository, Instant now) {
    transaction
        .select(
            DSL.field(
                "pg_advisory_xact_lock(hashtextextended({0}, 0))",
                Object.class, DSL.val("simulation " + repository)))
        .execute();
    List<Instant> lately =
        transaction
            .select(SIMULATION.ASKED_AT)
            .from(SIMULATION)
            .where(SIMULATION.REPOSITORY_ID.eq(repository))
            .and(SIMULATION.ASKED_AT.gt(now.minus(LATELY)))
            .orderBy(SIMULATION.ASKED_AT.desc())
            .limit(MOST)
            .fetch(SIMULATION.ASKED_AT);
    if (lately.size() == MOST) {
      return Optional.of(lately.getLast().plus(LATELY));
    }
    transaction
        .insertInto(SIMULATION)
        .set(SIMULATION.ID, UUID.randomUUID())
        .set(SIMULATION.REPOSITORY_ID, repository)
        .set(SIMULATION.ASKED_AT, now)
        .execute();
    return Optional.empty();
  }

  /** Those that count no more. */
  static Retention.Batch old() {
    return Retention.of(SIMULATION, SIMULATION.ASKED_AT);
  }

  /**
   * @param branch without {@code refs/heads/}
   * @param head where the branch is: 40 hex digits
   * @param askedBy what kind of caller
   * @return its line in the log
   * @throws Problem 409 where the hook is gone; 503 where neither Kafka nor the outbox takes it
   */
  public LoggedDelivery simulate(UUID hookId, String branch, String head, String askedBy) {
    KnownHook hook = hooks.known(hookId).orElseThrow(PushSimulation::noHook);
    Delivery delivery = delivery(hook, body(hook.repository(), branch, head));
    return switch (ReadDelivery.of(hook, delivery)) {
      case ReadDelivery.Believed(Verification.Genuine genuine, Content.Changes(var payload)) ->
          publish(delivery, genuine.hook(), payload, askedBy);
      case ReadDelivery.Believed(Verification.Genuine genuine, Content content) ->
          throw new Problem(
              422,
              "Not a push",
              "Cinch can publish no push of the branch %s: its name is none that an event can have."
                  .formatted(branch));
      case ReadDelivery.Refused(KnownHook known, Refusal why) ->
          throw new IllegalStateException("refused its own push: " + why);
    };
  }

  private LoggedDelivery publish(
      Delivery delivery, KnownHook hook, PushPayload.Parsed payload, String askedBy) {
    LoggedDelivery line = line(delivery, hook, payload, askedBy);
    deliveries.addOwn(line);
    DeliveryResponse answer =
        pushes.publish(
            new Push(
                hook.repository(),
                hook.hook().id(),
                delivery.id(),
                delivery.headers().attempt(),
                delivery.requestId(),
                delivery.receivedAt(),
                delivery.headers().trace(),
                payload.actor(),
                payload.changes(),
                true,
                Optional.empty()));
    if (answer.isNotNow()) {
      throw new Problem(
              503, "Not now", "Neither Kafka nor the outbox took it; simulate again in a minute.")
          .retryAfter(RetryAfter.SOON);
    }
    LoggedDelivery done =
        line.answered(answer.status(), answer.reason(), payload.changes().size(), Optional.empty());
    deliveries.answered(done);
    log.info("simulated delivery={} hook={} by={}", done.id(), hook.hook().id(), askedBy);
    return done;
  }

  private static LoggedDelivery line(
      Delivery delivery, KnownHook hook, PushPayload.Parsed payload, String askedBy) {
    return new LoggedDelivery(
        delivery.id(),
        hook.hook().id(),
        hook.repository().id(),
        DeliveryHeaders.PUSH,
        delivery.headers().requestId(),
        delivery.headers().attempt(),
        delivery.requestId(),
        "", // no attempt of the forge repeats it
        DeliveryResponse.NO_ROOM.status(),
        DeliveryResponse.NO_ROOM.reason(),
        0,
        Optional.empty(),
        delivery.receivedAt(),
        Optional.empty(),
        delivery.headers().kept(),
        DeliveryProcessor.refs(payload),
        Origin.simulatedFor(askedBy));
  }

  private Delivery delivery(KnownHook hook, byte[] body) {
    UUID id = UUID.randomUUID();
    HookUuid uuid =
        hook.hook().uuids().stream()
            .findFirst()
            .orElseGet(() -> new HookUuid(UUID.randomUUID().toString()));
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new Delivery(
        id,
        new HookName.ById(hook.hook().id()),
        new DeliveryHeaders(
            DeliveryHeaders.PUSH,
            Optional.of(uuid),
            Optional.of(id.toString()),
            1,
            WebhookSignature.of(body, hook.key()),
            Traceparent.begin(),
            KeptHeaders.NONE),
        body,
        now,
        now);
  }

  /** As Bitbucket writes one, of what is read. */
  private static byte[] body(KnownHook.HookedRepository repository, String branch, String head) {
    JsonObject at =
        new JsonObject()
            .put("type", "branch")
            .put("name", branch)
            .put("target", new JsonObject().put("type", "commit").put("hash", head));
    JsonObject change =
        new JsonObject()
            .put("old", at)
            .put("new", at)
            .put("created", false)
            .put("closed", false)
            .put("forced", false)
            .put("truncated", false);
    return new JsonObject()
        .put("actor", new JsonObject().put("type", "user").put("display_name", "Cinch"))
        .put(
            "repository",
            new JsonObject()
                .put("type", "repository")
                .put("uuid", repository.uuid())
                .put("full_name", repository.fullName()))
        .put("push", new JsonObject().put("changes", new JsonArray().add(change)))
        .encode()
        .getBytes(UTF_8);
  }

  private static Problem noHook() {
    return new Problem(
        409, "No webhook", "This repository has no webhook any more: connect it again.");
  }
}
