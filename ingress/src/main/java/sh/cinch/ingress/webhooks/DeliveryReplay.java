package sh.cinch.ingress.webhooks;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.PushPayload;
import sh.cinch.bitbucket.webhook.UnreadChanges;
import sh.cinch.ingress.webhooks.delivery.Deliveries;
import sh.cinch.ingress.webhooks.delivery.DeliveryBodies;
import sh.cinch.ingress.webhooks.delivery.KeptHeaders;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.delivery.Origin;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.ingress.webhooks.publish.Push;
import sh.cinch.ingress.webhooks.publish.Replay;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.RetryAfter;
import sh.cinch.service.trace.Traceparent;

/**
 * Publishes what a delivery brought once more: its body is read again, so that what could not be
 * published then, through a fault of ours, is now. Each replay has a line of its own in the log,
 * written before anything is sent. Blocks.
 */
public record DeliveryReplay(
    Deliveries deliveries, DeliveryBodies bodies, OwnPushes pushes, InstantSource clock) {

  private static final Logger log = LoggerFactory.getLogger(DeliveryReplay.class);

  private static final String TITLE = "Cannot be replayed";

  /** The outcome of its line. */
  static final String REPLAYED = "replayed";

  /**
   * @param repository whose delivery it was, as it is called now
   * @param published the events that it is known to have become
   * @param again whether they are to be new events, rather than the same once more
   * @param askedBy what kind of caller
   * @return the replay's own line
   * @throws Problem 409 where its body is not kept, or it is none that can be replayed; 422 where
   *     nothing of it can be published; 503 where neither Kafka nor the outbox takes it
   */
  public LoggedDelivery replay(
      LoggedDelivery delivery,
      HookedRepository repository,
      List<Replay.Published> published,
      boolean again,
      String askedBy) {
    requireReplayable(delivery);
    byte[] body = bodies.find(delivery.id()).orElseThrow(() -> noBody(delivery));
    PushPayload.Parsed payload = changes(delivery, repository, body);
    LoggedDelivery line = line(delivery, payload, again, askedBy);
    deliveries.addOwn(line);
    Push push =
        push(line, again ? line : delivery, delivery, repository, payload, published, again);
    DeliveryResponse answer = pushes.publish(push);
    if (answer.isNotNow()) {
      throw new Problem(
              503, "Not now", "Neither Kafka nor the outbox took it; replay it again in a minute.")
          .retryAfter(RetryAfter.SOON);
    }
    LoggedDelivery done =
        line.answered(
            answer.status(),
            REPLAYED,
            payload.changes().size(),
            DeliveryProcessor.notPublished(payload));
    try {
      deliveries.answered(done);
    } catch (DataAccessException e) {
      log.warn("replay={} was published, and its line does not say so", line.id(), e);
    }
    log.info(
        "replayed delivery={} replay={} events={} again={} by={}",
        delivery.id(),
        line.id(),
        done.events(),
        again,
        askedBy);
    return done;
  }

  private static void requireReplayable(LoggedDelivery delivery) {
    if (delivery.isRefused()) {
      throw new Problem(
          409,
          TITLE,
          "It was refused, so nobody knows who sent it, and nothing of it is kept. Do what its"
              + " reason says, and push again.");
    }
    Origin origin = delivery.origin();
    origin
        .replayOf()
        .ifPresent(
            original -> {
              throw new Problem(
                  409, TITLE, "It is a replay itself: replay %s.".formatted(original));
            });
    if (origin.test()) {
      throw new Problem(409, TITLE, "Cinch composed it as a test: simulate another one.");
    }
  }

  private static Problem noBody(LoggedDelivery delivery) {
    return new Problem(
        409,
        "No body is kept",
        "The body of this delivery, of %s, is not kept: bodies are for as many days as CINCH_DELIVERY_BODY_DAYS says, up to the size of CINCH_DELIVERY_BODY_KIB, and not under overload. Build what it brought from its pushes, or push again."
            .formatted(delivery.receivedAt()));
  }

  private static PushPayload.Parsed changes(
      LoggedDelivery delivery, HookedRepository repository, byte[] body) {
    if (!delivery.eventKey().equals(DeliveryHeaders.PUSH)) {
      throw nothing("it is no push, but %s".formatted(delivery.eventKey()));
    }
    return switch (Content.ofPush(body, repository)) {
      case Content.Changes(PushPayload.Parsed payload) -> payload;
      case Content.Nothing(DeliveryResponse answer, UnreadChanges unread) ->
          throw nothing("it changed no branch and no tag");
      case Content.AllUnread(UnreadChanges unread) ->
          throw nothing(unread.inWords().orElse("none of its changes can be read"));
      case Content.Unusable(DeliveryResponse answer, String why) -> throw nothing(why);
      case Content.Foreign() -> throw nothing("it is about another repository");
    };
  }

  private static Problem nothing(String why) {
    return new Problem(422, TITLE, "There is nothing to publish: %s.".formatted(why));
  }

  /** As it is to be seen should this process end before it is published. */
  private LoggedDelivery line(
      LoggedDelivery delivery, PushPayload.Parsed payload, boolean again, String askedBy) {
    UUID id = UUID.randomUUID();
    return new LoggedDelivery(
        id,
        delivery.hookId(),
        delivery.repositoryId(),
        delivery.eventKey(),
        Optional.empty(),
        1,
        again ? id.toString() : delivery.firstRequestId(),
        "", // no attempt of the forge repeats it
        DeliveryResponse.NO_ROOM.status(),
        DeliveryResponse.NO_ROOM.reason(),
        0,
        Optional.empty(),
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        Optional.empty(),
        KeptHeaders.NONE,
        DeliveryProcessor.refs(payload),
        Origin.replayOf(delivery.id(), askedBy));
  }

  /**
   * @param as whose events they are
   */
  private static Push push(
      LoggedDelivery line,
      LoggedDelivery as,
      LoggedDelivery delivery,
      HookedRepository repository,
      PushPayload.Parsed payload,
      List<Replay.Published> published,
      boolean again) {
    return new Push(
        repository,
        as.hookId(),
        as.id(),
        as.attempt(),
        as.firstRequestId(),
        as.receivedAt(),
        Traceparent.begin(),
        payload.actor(),
        payload.changes(),
        false,
        Optional.of(
            new Replay(
                line.id(),
                line.receivedAt(),
                published,
                again ? Optional.of(delivery.firstRequestId()) : Optional.empty())));
  }
}
