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

  /** Whoever has that nickname; where nobody does, somebody who is not yet known here. */
  static Account orNewUser(State state, String nickname) {
    if (!nickname.matches("[a-z0-9_.-]+")) {
      throw new BadInput(
          "%s is not a nickname: lower-case letters, digits, . _ -".formatted(nickname));
    }
    return state
        .accountNamed(nickname)
        .orElseGet(() -> Account.named(Account.Kind.USER, nickname, nickname));
  }

  static Account account(State state, String nickname) {
    return state
        .accountNamed(nickname)
        .orElseThrow(() -> new BadInput("there is no user " + nickname));
  }
}
