package sh.cinch.ingress.webhooks.hook;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.bitbucket.webhook.HookUuid;

/**
 * A hook that has not been removed; never its secret.
 *
 * @param id Cinch's own, the last part of the hook's URL
 * @param forgeUuid Bitbucket's; empty until our create call or the first signed delivery told it
 * @param managed whether Cinch made it on the forge, and may mend and remove it there
 * @param allowUnsigned whether a delivery without a signature is believed
 * @param lastDeliveryAt when something genuine last came through it
 */
public record Hook(
    UUID id,
    UUID repositoryId,
    Optional<HookUuid> forgeUuid,
    boolean managed,
    boolean allowUnsigned,
    Optional<Instant> lastDeliveryAt) {

  Hook boundTo(HookUuid uuid) {
    return new Hook(id, repositoryId, Optional.of(uuid), managed, allowUnsigned, lastDeliveryAt);
  }
}
