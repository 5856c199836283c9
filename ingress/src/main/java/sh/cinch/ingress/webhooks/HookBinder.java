package sh.cinch.ingress.webhooks;

import java.time.Duration;
import java.util.Optional;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.ingress.webhooks.hook.HookDirectory;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.KnownHook;
import sh.cinch.service.database.Database;

/**
 * Learns from signed deliveries which hooks of the forge a hook is: the first binds it, and one
 * under another UUID says that somebody made it again there.
 */
record HookBinder(Hooks hooks, HookDirectory directory) {

  private static final Logger log = LoggerFactory.getLogger(HookBinder.class);

  /**
   * Of a hook with one UUID no other delivery is looked for. Until every instance knows of the
   * second, and has logged what it took before, the push that brought it may be under way under the
   * first.
   */
  private static final Duration KNOWN_EVERYWHERE = HookDirectory.FRESH.plusMillis(500);

  /** The hook as it is known by now, where there is nothing to learn. Never blocks. */
  Optional<KnownHook> bound(Delivery delivery, Verification.Genuine genuine) {
    KnownHook known = directory.newest(genuine.hook());
    return !genuine.signed() || known.hook().uuids().contains(uuid(delivery))
        ? Optional.of(known)
        : Optional.empty();
  }

  Binding bind(Delivery delivery, Verification.Genuine genuine) {
    return bound(delivery, genuine)
        .<Binding>map(Binding.Bound::new)
        .orElseGet(() -> learn(delivery, directory.newest(genuine.hook()), uuid(delivery)));
  }

  private static HookUuid uuid(Delivery delivery) {
    return delivery.headers().hookUuid().orElseThrow();
  }

  private Binding learn(Delivery delivery, KnownHook known, HookUuid uuid) {
    try {
      return switch (hooks.add(known.hook().id(), uuid, delivery.receivedAt())) {
        case FIRST, KNOWN -> new Binding.Bound(directory.given(known, uuid));
        case ONE_MORE -> {
          KnownHook with = directory.given(known, uuid);
          log.info(
              "delivery={} hook={} was made again, uuid={}",
              delivery.id(),
              known.hook().id(),
              uuid.value());
          Thread.sleep(KNOWN_EVERYWHERE);
          yield new Binding.Bound(with);
        }
        case TOO_MANY -> new Binding.Refused(Refusal.TOO_MANY_UUIDS);
        case ANOTHERS -> new Binding.Refused(Refusal.ANOTHERS_UUID);
        case NO_HOOK -> new Binding.Unknown(DeliveryResponse.UNKNOWN_HOOK);
      };
    } catch (DataAccessException e) {
      if (!Database.isAway(e)) {
        log.warn("delivery={} cannot bind its hook", delivery.id(), e);
      }
      return new Binding.Unknown(DeliveryResponse.CANNOT_KNOW);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Binding.Unknown(DeliveryResponse.CANNOT_KNOW);
    }
  }
}
