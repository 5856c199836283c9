package sh.cinch.ingress.webhooks.delivery;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A delivery through a hook that is known, and what became of it, as the API shows it too. Of one
 * that was refused nothing can be believed.
 *
 * @param requestId as the forge gave it
 * @param attempt which try of the forge it was
 * @param firstRequestId the request id of attempt 1, as far as it is known
 * @param bodySha256 64 hex digits; nothing of one that was refused, so that it is nobody's attempt
 * @param answer the HTTP status
 * @param outcome one word for it
 * @param events published or spooled
 * @param reason in words, where it was refused, the body could not be used, or not all of its
 *     changes
 * @param hookUuid X-Hook-UUID; absent where it was taken while the hook had a single one
 * @param refs that it changed, as far as they could be read
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
    Instant receivedAt,
    Optional<String> hookUuid,
    @JsonIgnore KeptHeaders headers,
    List<String> refs,
    @JsonUnwrapped Origin origin) {

  private static final int REFUSED = 401;

  public LoggedDelivery {
    refs = List.copyOf(refs);
  }

  /** The same with what became of it. */
  public LoggedDelivery answered(int status, String word, int published, Optional<String> why) {
    return new LoggedDelivery(
        id,
        hookId,
        repositoryId,
        eventKey,
        requestId,
        attempt,
        firstRequestId,
        bodySha256,
        status,
        word,
        published,
        why,
        receivedAt,
        hookUuid,
        headers,
        refs,
        origin);
  }

  /** The same with what it changed. */
  public LoggedDelivery changing(List<String> changed) {
    return new LoggedDelivery(
        id,
        hookId,
        repositoryId,
        eventKey,
        requestId,
        attempt,
        firstRequestId,
        bodySha256,
        answer,
        outcome,
        events,
        reason,
        receivedAt,
        hookUuid,
        headers,
        changed,
        origin);
  }

  @JsonIgnore
  public boolean isRefused() {
    return answer == REFUSED;
  }
}
