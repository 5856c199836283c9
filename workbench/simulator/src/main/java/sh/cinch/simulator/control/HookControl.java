package sh.cinch.simulator.control;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import sh.cinch.simulator.delivery.PushPayload;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.Fresh;
import sh.cinch.simulator.world.Hook;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.World;

/** Hooks that people make and remove on a repository's settings page. */
record HookControl(World world) {

  Reply add(Call call) {
    Fields fields = Fields.of(call, "url", "secret");
    var hook =
        new Hook(
            Fresh.uuid(),
            "",
            url(fields.requiredText("url")),
            true,
            List.of(PushPayload.EVENT),
            fields.text("secret"),
            false,
            world.now());
    return world.change(
        state -> {
          Named.repository(state, call).put(hook);
          return Reply.json(201, Json.object().put("uuid", hook.uuid()));
        });
  }

  Reply remove(Call call) {
    String uuid = RepositoryControl.braced(call.at("uuid"));
    return world.change(
        state -> {
          Repository repository = Named.repository(state, call);
          if (repository.hook(uuid).isEmpty()) {
            throw new BadInput("there is no hook " + uuid);
          }
          repository.removeHook(uuid);
          return Reply.empty(204);
        });
  }

  private static URI url(String text) {
    try {
      var url = new URI(text);
      if (url.getHost() != null) {
        return url;
      }
    } catch (URISyntaxException malformed) {
      // said below
    }
    throw new BadInput("url is not an address: " + text);
  }
}
