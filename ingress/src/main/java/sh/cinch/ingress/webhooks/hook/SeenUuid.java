package sh.cinch.ingress.webhooks.hook;

import java.time.Instant;
import java.util.Optional;
import sh.cinch.bitbucket.webhook.HookUuid;

/**
 * A UUID of a hook.
 *
 * @param firstSeenAt when it first came with a delivery, where somebody wrote that down
 * @param lastSeenAt when it last came with one
 */
public record SeenUuid(
    HookUuid uuid, Optional<Instant> firstSeenAt, Optional<Instant> lastSeenAt) {}
