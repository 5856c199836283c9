package sh.cinch.tokenservice.credential;

import java.util.Optional;
import sh.cinch.schema.event.CredentialEvent.State;

/**
 * How the refreshes of a credential went, and what that says about it.
 *
 * @param reason for people, where the state is not healthy, or will not stay so
 * @param failures refreshes in a row that gave no token, for whatever reason
 * @param refusals how many of them may speak against this very grant
 */
public record RefreshHistory(State state, Optional<String> reason, int failures, int refusals) {

  RefreshHistory failedAgain() {
    return new RefreshHistory(state, reason, failures + 1, refusals);
  }

  RefreshHistory doubted(String why) {
    return new RefreshHistory(State.UNCLEAR, Optional.of(why), failures + 1, refusals + 1);
  }

  RefreshHistory warned(String what) {
    return new RefreshHistory(State.HEALTHY, Optional.of(what), failures, refusals);
  }

  RefreshHistory triedOnceMore() {
    return new RefreshHistory(
        State.UNCLEAR, Optional.of("Somebody asked Cinch to try it once more."), failures, 1);
  }

  RefreshHistory questioned(String why) {
    return new RefreshHistory(State.UNCLEAR, Optional.of(why), failures, refusals);
  }

  RefreshHistory condemned(String why) {
    return new RefreshHistory(State.NEEDS_AUTHORIZATION, Optional.of(why), failures, refusals);
  }
}
