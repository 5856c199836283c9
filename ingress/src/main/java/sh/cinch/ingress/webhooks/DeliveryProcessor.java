package sh.cinch.ingress.webhooks;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.bitbucket.webhook.PushPayload;
import sh.cinch.ingress.webhooks.delivery.DeliveryLog;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.hook.HookDirectory;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.KnownHook;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.ingress.webhooks.publish.Publication;
import sh.cinch.ingress.webhooks.publish.Push;
import sh.cinch.ingress.webhooks.publish.PushPublisher;

/** Takes in what is believed, on a virtual thread in its repository's turn. */
final class DeliveryProcessor {

  private static final Logger log = LoggerFactory.getLogger(DeliveryProcessor.class);

  private final Hooks hooks;
  private final HookDirectory directory;
  private final DeliveryLog deliveries;
  private final PushPublisher publisher;

  DeliveryProcessor(
      Hooks hooks, HookDirectory directory, DeliveryLog deliveries, PushPublisher publisher) {
    this.hooks = hooks;
    this.directory = directory;
    this.deliveries = deliveries;
    this.publisher = publisher;
  }

  DeliveryResponse receive(Delivery delivery, Verification.Genuine genuine, Content content) {
    return switch (content) {
      case Content.Foreign() -> DeliveryResponse.OTHER_REPOSITORY;
      case Content.Unusable(DeliveryResponse answer, String why) -> {
        write(delivery, genuine.hook(), delivery.requestId(), answer, 0, Optional.of(why));
        yield answer;
      }
      case Content.Nothing(DeliveryResponse answer) -> nothing(delivery, genuine, answer);
      case Content.Changes(PushPayload.Parsed push) -> changes(delivery, genuine, push);
    };
  }

  private DeliveryResponse nothing(
      Delivery delivery, Verification.Genuine genuine, DeliveryResponse answer) {
    Optional<DeliveryResponse> refused = bind(delivery, genuine);
    if (refused.isPresent()) {
      return refused.get();
    }
    write(delivery, genuine.hook(), delivery.requestId(), answer, 0, Optional.empty());
    return answer;
  }

  private DeliveryResponse changes(
      Delivery delivery, Verification.Genuine genuine, PushPayload.Parsed push) {
    Optional<DeliveryResponse> refused = bind(delivery, genuine);
    if (refused.isPresent()) {
      return refused.get();
    }
    String firstRequestId = firstRequestId(delivery, genuine.hook());
    int events = push.changes().size();
    Publication publication =
        publisher.publish(push(delivery, genuine.hook(), firstRequestId, push));
    DeliveryResponse answer =
        switch (publication) {
          case Publication.Published() -> DeliveryResponse.PUBLISHED;
          case Publication.Spooled() -> DeliveryResponse.SPOOLED;
          case Publication.NoRoom() -> DeliveryResponse.NO_ROOM;
        };
    write(
        delivery,
        genuine.hook(),
        firstRequestId,
        answer,
        answer.isNotNow() ? 0 : events,
        Optional.empty());
    return answer;
  }

  /** The first signed delivery says which hook of the forge this is; how to answer any other's. */
  private Optional<DeliveryResponse> bind(Delivery delivery, Verification.Genuine genuine) {
    if (!genuine.signed() || genuine.hook().hook().forgeUuid().isPresent()) {
      return Optional.empty();
    }
    HookUuid uuid = delivery.headers().hookUuid().orElseThrow();
    try {
      if (!hooks.bind(genuine.hook().hook().id(), uuid)) {
        return Optional.of(DeliveryResponse.WRONG_UUID);
      }
      directory.bound(genuine.hook(), uuid);
      return Optional.empty();
    } catch (DataAccessException e) {
      log.warn("delivery={} cannot bind its hook: the database is away", delivery.id(), e);
      return Optional.of(DeliveryResponse.CANNOT_KNOW);
    }
  }

  /** Where only the first attempt's request id is the push's own, a later one must look it up. */
  private String firstRequestId(Delivery delivery, KnownHook hook) {
    int attempt = delivery.headers().attempt();
    return attempt == 1
        ? delivery.requestId()
        : deliveries
            .occasionOfEarlier(
                hook.hook().id(), attempt, sha256(delivery.body()), delivery.receivedAt())
            .orElseGet(delivery::requestId);
  }

  private static Push push(
      Delivery delivery, KnownHook hook, String firstRequestId, PushPayload.Parsed push) {
    HookedRepository repository = hook.repository();
    return new Push(
        new Push.Source(
            repository.id(),
            repository.forge(),
            repository.uuid(),
            Objects.requireNonNullElse(push.repository().fullName(), repository.fullName())),
        hook.hook().id(),
        delivery.id(),
        delivery.headers().attempt(),
        firstRequestId,
        delivery.receivedAt(),
        delivery.headers().trace(),
        push.actor(),
        push.changes());
  }

  private void write(
      Delivery delivery,
      KnownHook hook,
      String firstRequestId,
      DeliveryResponse answer,
      int events,
      Optional<String> reason) {
    deliveries.add(
        new LoggedDelivery(
            delivery.id(),
            hook.hook().id(),
            hook.repository().id(),
            delivery.headers().eventKey(),
            delivery.headers().requestId(),
            delivery.headers().attempt(),
            firstRequestId,
            sha256(delivery.body()),
            answer.status(),
            answer.reason(),
            events,
            reason,
            delivery.receivedAt()));
  }

  private static String sha256(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
