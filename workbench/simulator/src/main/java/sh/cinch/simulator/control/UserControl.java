package sh.cinch.simulator.control;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.view.Views;
import sh.cinch.simulator.world.AccessToken;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.Fresh;
import sh.cinch.simulator.world.Permission;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.State;
import sh.cinch.simulator.world.World;

/** People beside Ada, with what they may do. */
record UserControl(World world) {
  private static final String API_TOKEN_SCOPE = "(read|write|admin|delete):[a-z-]+:bitbucket";

  Reply put(Call call) {
    Fields fields = Fields.of(call, "displayName", "permissions");
    Map<String, String> permissions = fields.textByName("permissions");
    return world.change(
        state -> {
          Account account = Named.orNewUser(state, call.at("nickname"));
          account =
              account.withDisplayName(fields.text("displayName").orElse(account.displayName()));
          for (var entry : permissions.entrySet()) {
            account =
                account.withPermission(
                    repository(state, entry.getKey()).uuid(),
                    Fields.word("a permission", entry.getValue(), Permission.class));
          }
          state.put(account);
          return Reply.json(200, new Views(state, call.site()).accounts().show(account));
        });
  }

  /** A token as a person makes it for themselves, who shows it with the address they sign in by. */
  Reply token(Call call) {
    Fields fields = Fields.of(call, "email", "scopes", "expiresInSeconds");
    String email = fields.requiredText("email");
    List<String> scopes = fields.texts("scopes");
    for (String scope : scopes) {
      if (!scope.matches(API_TOKEN_SCOPE)) {
        throw new BadInput(
            "%s is not a scope of an API token, such as read:repository:bitbucket"
                .formatted(scope));
      }
    }
    Optional<Instant> end = fields.end("expiresInSeconds", world.now());
    return world.change(
        state -> {
          String account = Named.account(state, call.at("nickname")).uuid();
          var token =
              new AccessToken(
                  "ATATT3x" + Fresh.token(185),
                  AccessToken.Kind.API_TOKEN,
                  account,
                  Set.copyOf(scopes),
                  "user " + account,
                  Optional.empty(),
                  end,
                  Optional.of(email));
          state.credentials().issue(token);
          return Reply.json(201, Json.object().put("token", token.value()));
        });
  }

  private static Repository repository(State state, String fullName) {
    String[] parts = fullName.split("/", 2);
    return state
        .repository(parts[0], parts.length == 2 ? parts[1] : "")
        .orElseThrow(() -> new BadInput("there is no repository " + fullName));
  }
}
