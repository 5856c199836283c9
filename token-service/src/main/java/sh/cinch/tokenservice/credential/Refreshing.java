package sh.cinch.tokenservice.credential;

import java.time.Instant;
import java.util.Optional;

/**
 * How far replacing a credential's token has come.
 *
 * @param claimedUntil until then somebody may be refreshing it
 * @param dueAt when it wants to be refreshed, ahead of need or once more; of a pasted token, when
 *     it wants to be looked at
 * @param unansweredSince since when a request with this very refresh token has had no usable
 *     answer: the forge may have replaced it and told nobody
 */
public record Refreshing(
    Optional<Instant> claimedUntil, Optional<Instant> dueAt, Optional<Instant> unansweredSince) {

  boolean isClaimed(Instant now) {
    return claimedUntil.filter(now::isBefore).isPresent();
  }

  /** What the attempt that ends now leaves behind. */
  Refreshing ended(Optional<Instant> due) {
    return new Refreshing(Optional.empty(), due, unansweredSince);
  }

  /** The same, where its request may have had an effect that nobody was told of. */
  Refreshing unanswered(Instant since, Optional<Instant> due) {
    return new Refreshing(Optional.empty(), due, Optional.of(unansweredSince.orElse(since)));
  }
}
