package sh.cinch.simulator.control;

import java.util.Optional;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.oauth.OAuthClient;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.AuthorizationCode;
import sh.cinch.simulator.world.World;

/** Lets people agree without a browser, many of them one after the other. */
record GrantControl(World world, OAuthClient client) {

  Reply grant(Call call) {
    String nickname = Fields.of(call, "account").requiredText("account");
    return world.change(
        state -> {
          Account account = Named.orNewUser(state, nickname);
          state.put(account);
          var code =
              AuthorizationCode.fresh(
                  account, Optional.of(client.callback().toString()), world.now());
          state.credentials().issue(code);
          return Reply.json(201, Json.object().put("code", code.value()));
        });
  }
}
