package sh.cinch.ingress.heads;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a ref points, as far as was published.
 *
 * @param hash null where it was deleted
 * @param number rises with each publication
 * @param changedAt when that was
 */
public record KnownHead(@Nullable String hash, long number, Instant changedAt) {}
