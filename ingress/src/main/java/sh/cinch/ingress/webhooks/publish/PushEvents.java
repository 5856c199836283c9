package sh.cinch.ingress.webhooks.publish;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.bitbucket.webhook.Actor;
import sh.cinch.bitbucket.webhook.RefChange;
import sh.cinch.forge.Site;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;

/** Makes an event of each ref that a push changed. */
final class PushEvents {

  static final URI SOURCE = URI.create("/cinch/ingress");

  private static final int REMEMBERED = 10_000;

  /** Checking what a repository is called costs as much as the rest of an event. */
  private final LoadingCache<HookedRepository, Repository> repositories;

  /**
   * @param site where the forge's repositories are cloned from
   */
  PushEvents(Site site) {
    this.repositories =
        Caffeine.newBuilder().maximumSize(REMEMBERED).build(source -> repository(source, site));
  }

  /**
   * In the payload's order.
   *
   * @param ids of refs whose change has one already
   */
  List<Event<PushEvent>> of(Push push, Map<String, String> ids) {
    return push.changes().stream().map(change -> event(push, change, ids)).toList();
  }

  private Event<PushEvent> event(Push push, RefChange change, Map<String, String> ids) {
    UUID repository = push.repository().id();
    return new Event<>(
        Topic.PUSH,
        repository.toString(),
        id(push, change, ids),
        SOURCE,
        push.repository().fullName(),
        push.receivedAt(),
        push.trace(),
        body(push, change));
  }

  private static String id(Push push, RefChange change, Map<String, String> ids) {
    return Optional.ofNullable(ids.get(change.ref()))
        .orElseGet(
            () ->
                isAgain(push) ? id(push, change, push.firstRequestId()) : published(push, change));
  }

  private static String id(Push push, RefChange change, String firstRequestId) {
    return EventId.of(
        push.repository().id(), change.ref(), change.oldHash(), change.newHash(), firstRequestId);
  }

  private PushEvent body(Push push, RefChange change) {
    return new PushEvent(
        repositories.get(push.repository()),
        change.ref(),
        switch (change.type()) {
          case BRANCH -> PushEvent.Type.BRANCH;
          case TAG -> PushEvent.Type.TAG;
        },
        switch (change.kind()) {
          case CREATED -> PushEvent.Change.CREATED;
          case UPDATED -> PushEvent.Change.UPDATED;
          case DELETED -> PushEvent.Change.DELETED;
        },
        change.oldHash(),
        change.newHash(),
        change.forced(),
        change.commit(),
        change.message(),
        change.author(),
        change.truncated(),
        false,
        push.test(),
        push.actor().map(PushEvents::actor).orElse(null),
        push.hookId(),
        push.deliveryId(),
        push.attempt(),
        isAgain(push) ? published(push, change) : null,
        push.receivedAt());
  }

  private static boolean isAgain(Push push) {
    return push.replay().flatMap(Replay::again).isPresent();
  }

  /**
   * The id under which the change was, or is to be, published as it was delivered: where one of the
   * same ref and commit is known to have been, that one's, however it came by it.
   */
  private static String published(Push push, RefChange change) {
    String delivered =
        id(push, change, push.replay().flatMap(Replay::again).orElseGet(push::firstRequestId));
    List<Replay.Published> known = push.replay().map(Replay::published).orElseGet(List::of);
    return known.stream().anyMatch(event -> event.eventId().equals(delivered))
        ? delivered
        : known.stream()
            .filter(event -> event.ref().equals(change.ref()))
            .filter(event -> Objects.equals(event.commit(), change.commit()))
            .map(Replay.Published::eventId)
            .findFirst()
            .orElse(delivered);
  }

  private static Repository repository(HookedRepository source, Site site) {
    return new Repository(
        source.id(),
        source.forge(),
        source.fullName(),
        source.uuid(),
        site.cloneUrl(source.fullName()));
  }

  private static PushEvent.Actor actor(Actor actor) {
    return new PushEvent.Actor(actor.uuid(), actor.name());
  }
}
