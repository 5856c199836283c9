package sh.cinch.simulator.control;

import java.util.Arrays;
import java.util.Map;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.view.Views;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.Permission;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.State;
import sh.cinch.simulator.world.World;

/** People beside Ada, with what they may do. */
final class UserControl {
  private final World world;

  UserControl(World world) {
    this.world = world;
  }

  Reply put(Call call) {
    String nickname = call.at("nickname");
    if (!nickname.matches("[a-z0-9_.-]+")) {
      throw new BadInput(
          "%s is not a nickname: lower-case letters, digits, . _ -".formatted(nickname));
    }
    Fields fields = Fields.of(call, "displayName", "permissions");
    Map<String, String> permissions = fields.textByName("permissions");
    return world.change(
        state -> {
          Account account =
              state
                  .accountNamed(nickname)
                  .orElseGet(() -> Account.named(Account.Kind.USER, nickname, nickname));
          account =
              account.withDisplayName(fields.text("displayName").orElse(account.displayName()));
          for (var entry : permissions.entrySet()) {
            account =
                account.withPermission(
                    repository(state, entry.getKey()).uuid(), permission(entry.getValue()));
          }
          state.put(account);
          return Reply.json(200, new Views(state, call.site()).accounts().show(account));
        });
  }

  private static Repository repository(State state, String fullName) {
    String[] parts = fullName.split("/", 2);
    return state
        .repository(parts[0], parts.length == 2 ? parts[1] : "")
        .orElseThrow(() -> new BadInput("there is no repository " + fullName));
  }

  private static Permission permission(String word) {
    return Arrays.stream(Permission.values())
        .filter(permission -> permission.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new BadInput("a permission is read, write or admin, not " + word));
  }
}
