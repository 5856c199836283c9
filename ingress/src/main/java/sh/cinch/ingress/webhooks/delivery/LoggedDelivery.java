package sh.cinch.ingress.webhooks.delivery;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A genuine delivery and what became of it, as the API shows it too.
 *
 * @param requestId as the forge gave it
 * @param attempt which try of the forge it was
 * @param firstRequestId the request id of attempt 1, as far as it is known
 * @param bodySha256 64 hex digits
 * @param answer the HTTP status
 * @param outcome one word for it
 * @param events published or spooled
 * @param reason in words, where the body could not be used, or not all of its changes
 */
public record LoggedDelivery(
    UUID id,
    UUID hookId,
    UUID repositoryId,
    String eventKey,
    Optional<String> requestId,
    int attempt,
    @JsonIgnore String firstRequestId,
    @JsonIgnore String bodySha256,
    int answer,
    String outcome,
    int events,
    Optional<String> reason,
    Instant receivedAt) {}
