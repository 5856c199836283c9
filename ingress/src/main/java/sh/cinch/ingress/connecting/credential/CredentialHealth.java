package sh.cinch.ingress.connecting.credential;

import java.time.Instant;
import java.util.Optional;
import sh.cinch.ingress.text.EnumWord;
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

  /** As it stands in events and answers. */
  public static String word(State state) {
    return EnumWord.word(state);
  }

  /**
   * @throws IllegalArgumentException where there is no such state
   */
  public static State state(String word) {
    return EnumWord.constant(State.class, word);
  }
}
