package sh.cinch.ingress.webhook;

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
import sh.cinch.ingress.delivery.DeliveryLog;
import sh.cinch.ingress.delivery.LoggedDelivery;
import sh.cinch.ingress.hook.HookDirectory;
import sh.cinch.ingress.hook.Hooks;
import sh.cinch.ingress.hook.KnownHook;
import sh.cinch.ingress.hook.KnownHook.HookedRepository;
import sh.cinch.ingress.publish.Publication;
import sh.cinch.ingress.publish.Push;
import sh.cinch.ingress.publish.PushPublisher;

/** Takes in what is believed, on a virtual thread in its repository's turn. */
final class Reception {

  private static final Logger log = LoggerFactory.getLogger(Reception.class);

  private final Hooks hooks;
  private final HookDirectory directory;
  private final DeliveryLog deliveries;
  private final PushPublisher publisher;

  Reception(Hooks hooks, HookDirectory directory, DeliveryLog deliveries, PushPublisher publisher) {
    this.hooks = hooks;
    this.directory = directory;
    this.deliveries = deliveries;
    this.publisher = publisher;
  }

  Answer receive(Delivery delivery, Verdict.Genuine genuine, Content content) {
    return switch (content) {
      case Content.Foreign() -> Answer.OTHER_REPOSITORY;
      case Content.Unusable(Answer answer, String why) -> {
        write(delivery, genuine.hook(), delivery.requestId(), answer, 0, Optional.of(why));
        yield answer;
      }
      case Content.Nothing(Answer answer) -> nothing(delivery, genuine, answer);
      case Content.Changes(PushPayload.Parsed push) -> changes(delivery, genuine, push);
    };
  }

  private Answer nothing(Delivery delivery, Verdict.Genuine genuine, Answer answer) {
    Optional<Answer> refused = bind(delivery, genuine);
    if (refused.isPresent()) {
      return refused.get();
    }
    write(delivery, genuine.hook(), delivery.requestId(), answer, 0, Optional.empty());
    return answer;
  }

  private Answer changes(Delivery delivery, Verdict.Genuine genuine, PushPayload.Parsed push) {
    Optional<Answer> refused = bind(delivery, genuine);
    if (refused.isPresent()) {
      return refused.get();
    }
    String occasion = occasion(delivery, genuine.hook());
    int events = push.changes().size();
    Publication publication = publisher.publish(push(delivery, genuine.hook(), occasion, push));
    Answer answer =
        switch (publication) {
          case Publication.Published() -> Answer.PUBLISHED;
          case Publication.Spooled() -> Answer.SPOOLED;
          case Publication.NoRoom() -> Answer.NO_ROOM;
        };
    write(
        delivery,
        genuine.hook(),
        occasion,
        answer,
        answer.isNotNow() ? 0 : events,
        Optional.empty());
    return answer;
  }

  /** The first signed delivery says which hook of the forge this is; how to answer any other's. */
  private Optional<Answer> bind(Delivery delivery, Verdict.Genuine genuine) {
    if (!genuine.signed() || genuine.hook().hook().forgeUuid().isPresent()) {
      return Optional.empty();
    }
    HookUuid uuid = delivery.headers().hookUuid().orElseThrow();
    try {
      if (!hooks.bind(genuine.hook().hook().id(), uuid)) {
        return Optional.of(Answer.WRONG_UUID);
      }
      directory.bound(genuine.hook(), uuid);
      return Optional.empty();
    } catch (DataAccessException e) {
      log.warn("delivery={} cannot bind its hook: the database is away", delivery.id(), e);
      return Optional.of(Answer.CANNOT_KNOW);
    }
  }

  /** Where only the first attempt's request id is the push's own, a later one must look it up. */
  private String occasion(Delivery delivery, KnownHook hook) {
    int attempt = delivery.headers().attempt();
    return attempt == 1
        ? delivery.requestId()
        : deliveries
            .occasionOfEarlier(
                hook.hook().id(), attempt, sha256(delivery.body()), delivery.receivedAt())
            .orElseGet(delivery::requestId);
  }

  private static Push push(
      Delivery delivery, KnownHook hook, String occasion, PushPayload.Parsed push) {
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
        occasion,
        delivery.receivedAt(),
        delivery.headers().trace(),
        push.actor(),
        push.changes());
  }

  private void write(
      Delivery delivery,
      KnownHook hook,
      String occasion,
      Answer answer,
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
            occasion,
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
