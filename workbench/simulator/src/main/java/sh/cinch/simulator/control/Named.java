package sh.cinch.simulator.control;

import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.State;

/** Finds what a control call names, or says that it is not there. */
final class Named {
  private Named() {}

  static Repository repository(State state, Call call) {
    String workspace = call.at("workspace");
    String slug = call.at("slug");
    return state
        .repository(workspace, slug)
        .orElseThrow(
            () ->
                new BadInput(
                    "there is no repository %s/%s; make it with PUT /_simulator/repositories/%s/%s"
                        .formatted(workspace, slug, workspace, slug)));
  }

  static Account account(State state, String nickname) {
    return state
        .accountNamed(nickname)
        .orElseThrow(() -> new BadInput("there is no user " + nickname));
  }
}
