package sh.cinch.ingress.heads;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A head that differs from the known one.
 *
 * @param oldHash the known one; null where there is none
 * @param newHash null where the ref is gone
 * @param number of the known head
 * @param eventId it is published under
 */
public record FoundPush(
    String ref,
    @Nullable String oldHash,
    @Nullable String newHash,
    long number,
    String eventId,
    Optional<String> message,
    Optional<String> author) {}
