package sh.cinch.ingress.webhooks.publish;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That a push is published once more.
 *
 * @param id the replay's own
 * @param published the events that the delivery is known to have become
 * @param again the id that its first delivery had as a request, where its events are to be new ones
 *     that name the old; empty: the same events once more
 */
public record Replay(UUID id, Instant at, List<Published> published, Optional<String> again) {

  /**
   * An event that was published.
   *
   * @param commit null where the ref was deleted
   */
  public record Published(String eventId, String ref, @Nullable String commit) {}

  public Replay {
    published = List.copyOf(published);
  }
}
