package sh.cinch.ingress.webhooks.held;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.bitbucket.webhook.PushPayload;
import sh.cinch.bitbucket.webhook.RefChange;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.ingress.webhooks.publish.Push;
import sh.cinch.service.trace.Traceparent;

/**
 * A push that is held, without its body.
 *
 * @param number in the order in which they were held
 * @param cameAt when its body came for the first time
 */
public record HeldPush(
    long number,
    UUID hookId,
    UUID deliveryId,
    UUID repositoryId,
    String firstRequestId,
    int attempt,
    Traceparent trace,
    Instant cameAt,
    Instant receivedAt,
    Instant heldAt) {

  /** As it would have been published, with some of its changes. */
  Push push(HookedRepository repository, PushPayload.Parsed body, List<RefChange> changes) {
    return new Push(
        repository,
        hookId,
        deliveryId,
        attempt,
        firstRequestId,
        receivedAt,
        trace,
        body.actor(),
        changes,
        false,
        Optional.empty());
  }

  /** In words, before what became of it. */
  public String cameBefore() {
    return "The same body came before, at %s; ".formatted(cameAt);
  }

  /** For the log. */
  @Override
  public String toString() {
    return "delivery=%s hook=%s repository=%s".formatted(deliveryId, hookId, repositoryId);
  }
}
