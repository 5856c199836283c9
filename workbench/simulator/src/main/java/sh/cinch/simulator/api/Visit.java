package sh.cinch.simulator.api;

import java.time.Instant;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.view.Views;
import sh.cinch.simulator.world.AccessToken;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.State;

/** A call that was let in, with what it asks and whom it speaks for. Ends with its answer. */
record Visit(Call call, State state, Account account, AccessToken token, Instant now) {

  Views views() {
    return new Views(state, call.site());
  }
}
