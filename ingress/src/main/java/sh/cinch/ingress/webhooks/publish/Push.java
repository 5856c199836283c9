package sh.cinch.ingress.webhooks.publish;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.webhook.Actor;
import sh.cinch.bitbucket.webhook.RefChange;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.service.trace.Traceparent;

/**
 * A push as it was delivered.
 *
 * @param firstRequestId what tells this push from another one with the same content: the request id
 *     of the forge's first attempt to deliver it
 * @param changes in the payload's order, each of a ref that an event can name
 * @param test whether Cinch composed it itself
 * @param replay that it is one; empty where it was just delivered
 */
public record Push(
    HookedRepository repository,
    UUID hookId,
    UUID deliveryId,
    int attempt,
    String firstRequestId,
    Instant receivedAt,
    Traceparent trace,
    Optional<Actor> actor,
    List<RefChange> changes,
    boolean test,
    Optional<Replay> replay) {

  public Push {
    changes = List.copyOf(changes);
  }

  /** Where its refs are after it; null: deleted. */
  Map<String, @Nullable String> heads() {
    Map<String, @Nullable String> heads = new HashMap<>();
    changes.forEach(change -> heads.put(change.ref(), change.newHash()));
    return heads;
  }

  /** When it came in to be published. */
  Instant begunAt() {
    return replay.map(Replay::at).orElse(receivedAt);
  }
}
