package sh.cinch.ingress.webhooks.publish;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.trace.Traceparent;

/**
 * A push that no delivery brought, found by comparing heads.
 *
 * @param oldHash null where the ref is new
 * @param newHash null where it is gone
 * @param number of the known head that it follows
 */
public record ReconciledPush(
    Repository repository,
    String ref,
    @Nullable String oldHash,
    @Nullable String newHash,
    long number,
    Optional<String> message,
    Optional<String> author,
    Instant at) {

  private static final String TAGS = "refs/tags/";

  /** The id that it has, whoever publishes it. */
  public static String id(
      UUID repository,
      String ref,
      @Nullable String oldHash,
      @Nullable String newHash,
      long number) {
    return EventId.of(repository, ref, oldHash, newHash, "reconciled:" + number);
  }

  public Event<PushEvent> event() {
    return new Event<>(
        Topic.PUSH,
        repository.id().toString(),
        id(repository.id(), ref, oldHash, newHash, number),
        PushEvents.SOURCE,
        repository.fullName(),
        at,
        Traceparent.begin(),
        new PushEvent(
            repository,
            ref,
            ref.startsWith(TAGS) ? PushEvent.Type.TAG : PushEvent.Type.BRANCH,
            change(),
            oldHash,
            newHash,
            null,
            newHash,
            message.orElse(null),
            author.orElse(null),
            // What lies between the heads, nobody has listed.
            newHash != null,
            true,
            false,
            null,
            null,
            null,
            null,
            null,
            at));
  }

  private PushEvent.Change change() {
    if (newHash == null) {
      return PushEvent.Change.DELETED;
    }
    return oldHash == null ? PushEvent.Change.CREATED : PushEvent.Change.UPDATED;
  }
}
