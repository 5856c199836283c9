package sh.cinch.ingress.webhooks.hook;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import sh.cinch.bitbucket.webhook.HookUuid;

/**
 * A hook that has not been removed; never its secret.
 *
 * @param id Cinch's own, the last part of the hook's URL
 * @param forgeUuid Bitbucket's, of the one that Cinch mends and removes there; empty until our
 *     create call or the first signed delivery told it
 * @param uuids that one, and those under which it was made again there
 * @param managed whether Cinch made it on the forge, and may mend and remove it there
 * @param allowUnsigned whether a delivery without a signature is believed
 * @param lastDeliveryAt when something genuine last came through it
 * @param trouble what was wrong with it on the forge when it was last looked at there; not known of
 *     one that a delivery is held against
 */
public record Hook(
    UUID id,
    UUID repositoryId,
    Optional<HookUuid> forgeUuid,
    Set<HookUuid> uuids,
    boolean managed,
    boolean allowUnsigned,
    Optional<Instant> lastDeliveryAt,
    Optional<HookTrouble> trouble) {

  public Hook {
    uuids = Set.copyOf(uuids);
  }

  /** Whether it works, as far as is known. */
  public boolean isHealthy() {
    return lastDeliveryAt.isPresent() && trouble.filter(HookTrouble::stopsDeliveries).isEmpty();
  }

  /** Whether a push may come through it more than once. */
  public boolean hasSeveralUuids() {
    return uuids.size() > 1;
  }

  Hook with(HookUuid uuid) {
    Set<HookUuid> more = new HashSet<>(uuids);
    more.add(uuid);
    return new Hook(
        id,
        repositoryId,
        forgeUuid.or(() -> Optional.of(uuid)),
        more,
        managed,
        allowUnsigned,
        lastDeliveryAt,
        trouble);
  }
}
