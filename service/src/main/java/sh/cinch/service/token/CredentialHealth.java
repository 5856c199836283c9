package sh.cinch.service.token;

import java.time.Instant;
import java.util.Optional;
import sh.cinch.schema.event.CredentialEvent.State;

/**
 * Whether calls can be made with a credential.
 *
 * @param reason what speaks against it; beside a healthy one, a warning
 * @param expiresAt when it ends for good, where that was told
 */
public record CredentialHealth(State state, Optional<String> reason, Optional<Instant> expiresAt) {

  /** Nobody need do anything about it. */
  public boolean isWell() {
    return state == State.HEALTHY && reason.isEmpty();
  }
}
