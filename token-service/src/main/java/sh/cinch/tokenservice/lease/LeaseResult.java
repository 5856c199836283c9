package sh.cinch.tokenservice.lease;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.service.secret.Secret;

/** What came of asking for a lease. */
public sealed interface LeaseResult {

  /**
   * An access token.
   *
   * @param leaseId to say, should the forge reject it
   * @param authorization the whole value of the {@code Authorization} header
   * @param expiresAt empty where its end is not known
   */
  record Lent(UUID leaseId, Secret authorization, Optional<Instant> expiresAt)
      implements LeaseResult {}

  record Unknown() implements LeaseResult {}

  /** Only a person can mend it, or it was disconnected. */
  record Ended(String why) implements LeaseResult {}

  record NotNow(String why) implements LeaseResult {}
}
