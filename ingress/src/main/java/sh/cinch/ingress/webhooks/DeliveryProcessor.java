package sh.cinch.ingress.webhooks;

import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.bitbucket.webhook.PushPayload;
import sh.cinch.bitbucket.webhook.RefChange;
import sh.cinch.bitbucket.webhook.UnreadChanges;
import sh.cinch.ingress.webhooks.delivery.DeliveryLog;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.delivery.NameHints;
import sh.cinch.ingress.webhooks.delivery.Origin;
import sh.cinch.ingress.webhooks.delivery.Sighting;
import sh.cinch.ingress.webhooks.delivery.Twin;
import sh.cinch.ingress.webhooks.held.HeldPushes;
import sh.cinch.ingress.webhooks.hook.KnownHook;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.ingress.webhooks.publish.Publication;
import sh.cinch.ingress.webhooks.publish.Push;
import sh.cinch.ingress.webhooks.publish.PushPublisher;
import sh.cinch.schema.http.RequestLimits;

/**
 * Takes in what is believed, in its repository's turn: at once where memory says all that must be
 * known, else on a virtual thread.
 *
 * @param unreadChanges counts changes that could not be read
 */
record DeliveryProcessor(
    HookBinder binder,
    DeliveryLog deliveries,
    HeldPushes held,
    PushPublisher publisher,
    NameHints names,
    Counter unreadChanges) {

  private static final Logger log = LoggerFactory.getLogger(DeliveryProcessor.class);

  private static final String TWO_WEBHOOKS =
      " Two webhooks on Bitbucket lead here: remove one of them there.";
  private static final String CAME_BEFORE =
      "The same push came through another webhook and was published from there." + TWO_WEBHOOKS;
  private static final String CAME_TOO =
      "The same push came through another webhook too; both have one event id." + TWO_WEBHOOKS;

  private static final String NOT_HELD =
      "The same body came before, and does not continue its refs from where they are known to be."
          + " It could not be held until Bitbucket says where that is.";

  /**
   * Never blocks.
   *
   * @return empty where something must be asked first: then {@link #receive} takes it in. Completed
   *     by whatever thread
   */
  Optional<CompletableFuture<DeliveryResponse>> receiveAtOnce(
      Delivery delivery, Verification.Genuine genuine, Content content) {
    return content instanceof Content.Changes(PushPayload.Parsed push)
        ? binder
            .bound(delivery, genuine)
            .filter(hook -> !mustAsk(delivery, hook))
            .flatMap(hook -> publishAtOnce(delivery, hook, genuine.signed(), push))
        : Optional.empty();
  }

  /** Whether other deliveries, or pushes that were missed, must be known. */
  private boolean mustAsk(Delivery delivery, KnownHook hook) {
    return delivery.headers().attempt() > 1
        || hook.hook().hasSeveralUuids()
        || publisher.expects(hook.repository().id());
  }

  /** Empty where it might have to be held. */
  private Optional<CompletableFuture<DeliveryResponse>> publishAtOnce(
      Delivery delivery, KnownHook hook, boolean isSigned, PushPayload.Parsed push) {
    LoggedDelivery line = line(delivery, hook, delivery.requestId(), push);
    if (!held.mayPublish(line, push.changes())) {
      return Optional.empty();
    }
    noteUnread(delivery, push.unread());
    hint(new Verification.Genuine(hook, isSigned), push);
    return Optional.of(
        publish(delivery, hook, line, push, notPublished(push), publisher::publishAtOnce));
  }

  /** Blocks where something must be asked, and until it is published. */
  DeliveryResponse receive(Delivery delivery, Verification.Genuine genuine, Content content) {
    noteUnread(delivery, content.unread());
    return switch (content) {
      case Content.Foreign() -> refused(delivery, genuine.hook(), Refusal.OTHER_REPOSITORY);
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
          bound(delivery, genuine, hook -> nothing(delivery, hook, answer, unread));
      case Content.Changes(PushPayload.Parsed push) ->
          bound(
              delivery,
              genuine,
              hook -> changes(delivery, new Verification.Genuine(hook, genuine.signed()), push));
    };
  }

  private void noteUnread(Delivery delivery, UnreadChanges unread) {
    unreadChanges.increment(unread.count());
    unread.inWords().ifPresent(why -> log.warn("delivery={} {}", delivery.id(), why));
  }

  /** Through a hook that is known: people can see why, and what to do. Never blocks. */
  DeliveryResponse refused(Delivery delivery, KnownHook hook, Refusal why) {
    boolean logged =
        deliveries.addRefused(
            logged(
                delivery,
                hook,
                delivery.requestId(),
                "",
                why.answer(),
                0,
                Optional.of(why.words(hook)),
                delivery.headers().hookUuid()));
    if (logged && why == Refusal.TOO_MANY_UUIDS) {
      log.warn("delivery={} hook={} refused: {}", delivery.id(), hook.hook().id(), why.words(hook));
    }
    return why.answer();
  }

  private DeliveryResponse bound(
      Delivery delivery, Verification.Genuine genuine, Function<KnownHook, DeliveryResponse> then) {
    return switch (binder.bind(delivery, genuine)) {
      case Binding.Bound(KnownHook hook) -> then.apply(hook);
      case Binding.Refused(Refusal why) -> refused(delivery, genuine.hook(), why);
      case Binding.Unknown(DeliveryResponse answer) -> answer;
    };
  }

  private DeliveryResponse nothing(
      Delivery delivery, KnownHook hook, DeliveryResponse answer, UnreadChanges unread) {
    write(delivery, hook, delivery.requestId(), answer, 0, unread.inWords());
    return answer;
  }

  private DeliveryResponse changes(
      Delivery delivery, Verification.Genuine genuine, PushPayload.Parsed push) {
    hint(genuine, push);
    KnownHook hook = genuine.hook();
    if (!hook.hook().hasSeveralUuids()) {
      return publish(
          delivery,
          hook,
          firstRequestId(delivery, hook),
          push,
          notPublished(push),
          publisher::publish);
    }
    Sighting sighting = sighting(delivery, hook);
    Twin twin = deliveries.twin(sighting);
    if (twin.published()) {
      DeliveryResponse answer = DeliveryResponse.SAME_PUSH;
      deliveries.add(
          logged(delivery, hook, twin.firstRequestId(), answer, 0, Optional.of(CAME_BEFORE))
              .changing(refs(push)),
          delivery.body());
      return answer;
    }
    DeliveryResponse answer =
        publish(
            delivery,
            hook,
            twin.firstRequestId(),
            push,
            twin.came() ? Optional.of(CAME_TOO) : notPublished(push),
            // A twin that comes next is none to publish once this is.
            publisher::publishWithinTurn);
    if (!answer.isNotNow()) {
      deliveries.published(sighting, twin);
    }
    return answer;
  }

  /** Unless it is held. */
  private DeliveryResponse publish(
      Delivery delivery,
      KnownHook hook,
      String firstRequestId,
      PushPayload.Parsed push,
      Optional<String> reason,
      Function<Push, CompletableFuture<Publication>> way) {
    LoggedDelivery line = line(delivery, hook, firstRequestId, push);
    return switch (held.judge(
        line, hook.repository(), push.changes(), delivery.body(), delivery.headers().trace())) {
      case PUBLISH -> publish(delivery, hook, line, push, reason, way).join();
      case HELD -> {
        deliveries.keep(line, delivery.body());
        yield DeliveryResponse.HELD;
      }
      case NO_ROOM -> {
        DeliveryResponse answer = DeliveryResponse.NO_ROOM_TO_HOLD;
        deliveries.add(
            line.answered(answer.status(), answer.reason(), 0, Optional.of(NOT_HELD)),
            delivery.body());
        yield answer;
      }
    };
  }

  /** As it is known until it is answered. */
  private static LoggedDelivery line(
      Delivery delivery, KnownHook hook, String firstRequestId, PushPayload.Parsed push) {
    return logged(delivery, hook, firstRequestId, DeliveryResponse.NO_ROOM, 0, Optional.empty())
        .changing(refs(push));
  }

  /**
   * @param way in which it is published
   */
  private CompletableFuture<DeliveryResponse> publish(
      Delivery delivery,
      KnownHook hook,
      LoggedDelivery begun,
      PushPayload.Parsed push,
      Optional<String> reason,
      Function<Push, CompletableFuture<Publication>> way) {
    deliveries.begins(begun);
    return CompletableFuture.completedFuture(push(delivery, hook, begun.firstRequestId(), push))
        .thenCompose(way)
        .thenApply(
            publication -> {
              DeliveryResponse answer = answer(publication);
              if (answer.isNotNow()) {
                held.notPublished(begun.repositoryId(), push.changes());
              }
              int events = answer.isNotNow() ? 0 : push.changes().size();
              deliveries.add(
                  begun.answered(answer.status(), answer.reason(), events, reason),
                  delivery.body());
              return answer;
            })
        .whenComplete((answer, failure) -> deliveries.ended(begun));
  }

  static DeliveryResponse answer(Publication publication) {
    return switch (publication) {
      case PUBLISHED -> DeliveryResponse.PUBLISHED;
      case IN_OUTBOX -> DeliveryResponse.IN_OUTBOX;
      case NO_ROOM -> DeliveryResponse.NO_ROOM;
    };
  }

  static List<String> refs(PushPayload.Parsed push) {
    return push.changes().stream().map(RefChange::ref).toList();
  }

  private static Sighting sighting(Delivery delivery, KnownHook hook) {
    return new Sighting(
        hook.hook().id(),
        delivery.headers().hookUuid().orElseThrow().value(),
        hook.hook().uuids().stream().map(HookUuid::value).collect(Collectors.toSet()),
        delivery.requestId(),
        delivery.headers().attempt(),
        DigestUtils.sha256Hex(delivery.body()),
        delivery.receivedAt());
  }

  /** Why a delivery was not published as a whole. */
  static Optional<String> notPublished(PushPayload.Parsed push) {
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
        push.changes(),
        false,
        Optional.empty());
  }

  private void write(
      Delivery delivery,
      KnownHook hook,
      String firstRequestId,
      DeliveryResponse answer,
      int events,
      Optional<String> reason) {
    deliveries.add(logged(delivery, hook, firstRequestId, answer, events, reason), delivery.body());
  }

  private static LoggedDelivery logged(
      Delivery delivery,
      KnownHook hook,
      String firstRequestId,
      DeliveryResponse answer,
      int events,
      Optional<String> reason) {
    return logged(
        delivery,
        hook,
        firstRequestId,
        DigestUtils.sha256Hex(delivery.body()),
        answer,
        events,
        reason,
        delivery.headers().hookUuid().filter(uuid -> hook.hook().hasSeveralUuids()));
  }

  private static LoggedDelivery logged(
      Delivery delivery,
      KnownHook hook,
      String firstRequestId,
      String bodySha256,
      DeliveryResponse answer,
      int events,
      Optional<String> reason,
      Optional<HookUuid> hookUuid) {
    return new LoggedDelivery(
        delivery.id(),
        hook.hook().id(),
        hook.repository().id(),
        delivery.headers().eventKey(),
        delivery.headers().requestId(),
        delivery.headers().attempt(),
        firstRequestId,
        bodySha256,
        answer.status(),
        answer.reason(),
        events,
        reason,
        delivery.receivedAt(),
        hookUuid.map(HookUuid::value),
        delivery.headers().kept(),
        List.of(),
        Origin.FORGE);
  }
}
