package sh.cinch.ingress.webhooks;

import io.micrometer.core.instrument.Counter;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.bitbucket.webhook.PushPayload;
import sh.cinch.bitbucket.webhook.UnreadChanges;
import sh.cinch.ingress.webhooks.delivery.DeliveryLog;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.delivery.NameHints;
import sh.cinch.ingress.webhooks.hook.HookDirectory;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.KnownHook;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.ingress.webhooks.publish.Push;
import sh.cinch.ingress.webhooks.publish.PushPublisher;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.service.database.Database;

/**
 * Takes in what is believed, on a virtual thread in its repository's turn.
 *
 * @param unreadChanges counts changes that could not be read
 */
record DeliveryProcessor(
    Hooks hooks,
    HookDirectory directory,
    DeliveryLog deliveries,
    PushPublisher publisher,
    NameHints names,
    Counter unreadChanges) {

  private static final Logger log = LoggerFactory.getLogger(DeliveryProcessor.class);

  DeliveryResponse receive(Delivery delivery, Verification.Genuine genuine, Content content) {
    unreadChanges.increment(content.unread().count());
    content.unread().inWords().ifPresent(why -> log.warn("delivery={} {}", delivery.id(), why));
    return switch (content) {
      case Content.Foreign() -> DeliveryResponse.OTHER_REPOSITORY;
      case Content.Unusable(DeliveryResponse answer, String why) -> {
        write(delivery, genuine.hook(), delivery.requestId(), answer, 0, Optional.of(why));
        yield answer;
      }
      case Content.AllUnread(UnreadChanges unread) -> {
        DeliveryResponse answer = DeliveryResponse.OTHER_SHAPE;
        write(delivery, genuine.hook(), delivery.requestId(), answer, 0, unread.inWords());
        yield answer;
      }
      case Content.Nothing(DeliveryResponse answer, UnreadChanges unread) ->
          bind(delivery, genuine).orElseGet(() -> nothing(delivery, genuine, answer, unread));
      case Content.Changes(PushPayload.Parsed push) ->
          bind(delivery, genuine).orElseGet(() -> changes(delivery, genuine, push));
    };
  }

  private DeliveryResponse nothing(
      Delivery delivery,
      Verification.Genuine genuine,
      DeliveryResponse answer,
      UnreadChanges unread) {
    write(delivery, genuine.hook(), delivery.requestId(), answer, 0, unread.inWords());
    return answer;
  }

  private DeliveryResponse changes(
      Delivery delivery, Verification.Genuine genuine, PushPayload.Parsed push) {
    hint(genuine, push);
    String firstRequestId = firstRequestId(delivery, genuine.hook());
    int events = push.changes().size();
    DeliveryResponse answer =
        switch (publisher.publish(push(delivery, genuine.hook(), firstRequestId, push))) {
          case PUBLISHED -> DeliveryResponse.PUBLISHED;
          case IN_OUTBOX -> DeliveryResponse.IN_OUTBOX;
          case NO_ROOM -> DeliveryResponse.NO_ROOM;
        };
    write(
        delivery,
        genuine.hook(),
        firstRequestId,
        answer,
        answer.isNotNow() ? 0 : events,
        notPublished(push));
    return answer;
  }

  /** Why a delivery was not published as a whole. */
  private static Optional<String> notPublished(PushPayload.Parsed push) {
    return Stream.of(leftOut(push.leftOut()), push.unread().inWords())
        .flatMap(Optional::stream)
        .reduce((one, other) -> one + "; " + other);
  }

  private static Optional<String> leftOut(int changes) {
    return changes == 0
        ? Optional.empty()
        : Optional.of(
            "it has %d changes more than the %d that are published of one delivery"
                .formatted(changes, RequestLimits.CHANGES));
  }

  private void hint(Verification.Genuine genuine, PushPayload.Parsed push) {
    HookedRepository repository = genuine.hook().repository();
    String name = push.repository().fullName();
    if (genuine.signed() && name != null && !name.equalsIgnoreCase(repository.fullName())) {
      names.called(repository.id(), name);
    }
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
      if (!Database.isAway(e)) {
        log.warn("delivery={} cannot bind its hook", delivery.id(), e);
      }
      return Optional.of(DeliveryResponse.CANNOT_KNOW);
    }
  }

  /** Where only the first attempt's request id is the push's own, a later one must look it up. */
  private String firstRequestId(Delivery delivery, KnownHook hook) {
    int attempt = delivery.headers().attempt();
    return attempt == 1
        ? delivery.requestId()
        : deliveries
            .firstRequestIdOfEarlier(
                hook.hook().id(),
                attempt,
                DigestUtils.sha256Hex(delivery.body()),
                delivery.receivedAt())
            .orElseGet(delivery::requestId);
  }

  private static Push push(
      Delivery delivery, KnownHook hook, String firstRequestId, PushPayload.Parsed push) {
    return new Push(
        hook.repository(),
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
            DigestUtils.sha256Hex(delivery.body()),
            answer.status(),
            answer.reason(),
            events,
            reason,
            delivery.receivedAt()));
  }
}
