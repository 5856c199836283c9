package sh.cinch.ingress.webhooks.publish;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import sh.cinch.bitbucket.webhook.Actor;
import sh.cinch.bitbucket.webhook.RefChange;
import sh.cinch.forge.Site;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;

/**
 * Makes an event of each ref that a push changed.
 *
 * @param site where the forge's repositories are cloned from
 */
record PushEvents(Site site) {

  static final URI SOURCE = URI.create("/cinch/ingress");

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
        ids.getOrDefault(
            change.ref(),
            EventId.of(
                repository,
                change.ref(),
                change.oldHash(),
                change.newHash(),
                push.firstRequestId())),
        SOURCE,
        push.repository().fullName(),
        push.receivedAt(),
        push.trace(),
        body(push, change));
  }

  private PushEvent body(Push push, RefChange change) {
    return new PushEvent(
        repository(push.repository()),
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
        false,
        push.actor().map(PushEvents::actor).orElse(null),
        push.hookId(),
        push.deliveryId(),
        push.attempt(),
        null,
        push.receivedAt());
  }

  private Repository repository(HookedRepository source) {
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
