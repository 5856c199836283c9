package sh.cinch.ingress.readmodel;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A push event, as it is shown.
 *
 * @param type {@code branch} or {@code tag}
 * @param change {@code created}, {@code updated} or {@code deleted}
 * @param actor by name
 */
public record PushRow(
    String eventId,
    UUID repositoryId,
    String ref,
    String type,
    String change,
    Optional<String> commit,
    Optional<String> message,
    Optional<String> actor,
    Instant receivedAt) {}
