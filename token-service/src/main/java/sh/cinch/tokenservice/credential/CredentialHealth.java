package sh.cinch.tokenservice.credential;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import sh.cinch.schema.event.CredentialEvent.State;

/**
 * Whether calls can be made with a credential, and what speaks against it.
 *
 * @param reason for people, where the state is not healthy, or will not stay so
 * @param failures refreshes in a row that gave no token, for whatever reason
 * @param refusals how many of them may speak against this very grant
 */
public record CredentialHealth(State state, Optional<String> reason, int failures, int refusals) {

  static final CredentialHealth HEALTHY =
      new CredentialHealth(State.HEALTHY, Optional.empty(), 0, 0);

  CredentialHealth failedAgain() {
    return new CredentialHealth(state, reason, failures + 1, refusals);
  }

  CredentialHealth doubted(String why) {
    return new CredentialHealth(State.UNCLEAR, Optional.of(why), failures + 1, refusals + 1);
  }

  CredentialHealth warned(String what) {
    return new CredentialHealth(State.HEALTHY, Optional.of(what), failures, refusals);
  }

  CredentialHealth triedOnceMore() {
    return new CredentialHealth(
        State.UNCLEAR, Optional.of("Somebody asked Cinch to try it once more."), failures, 1);
  }

  CredentialHealth questioned(String why) {
    return new CredentialHealth(State.UNCLEAR, Optional.of(why), failures, refusals);
  }

  CredentialHealth condemned(String why) {
    return new CredentialHealth(State.NEEDS_AUTHORIZATION, Optional.of(why), failures, refusals);
  }

  /** As it stands in rows, answers and events. */
  public static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static State state(String word) {
    return Arrays.stream(State.values())
        .filter(state -> word(state).equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no state of a credential: " + word));
  }
}
