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

/** Hooks that people make, change and remove on a repository's settings page. */
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

  /** What is left out stays as it is; an empty secret is none. */
  Reply change(Call call) {
    Fields fields = Fields.of(call, "url", "active", "events", "secret");
    String uuid = RepositoryControl.braced(call.at("uuid"));
    return world.change(
        state -> {
          Repository repository = Named.repository(state, call);
          Hook old = repository.hook(uuid).orElseThrow(() -> none(uuid));
          repository.put(
              new Hook(
                  old.uuid(),
                  old.description(),
                  fields.text("url").map(HookControl::url).orElse(old.url()),
                  fields.flag("active", old.active()),
                  fields.has("events") ? fields.texts("events") : old.events(),
                  fields.has("secret")
                      ? fields.text("secret").filter(text -> !text.isEmpty())
                      : old.secret(),
                  old.skipCertVerification(),
                  old.createdAt()));
          return Reply.empty(204);
        });
  }

  Reply remove(Call call) {
    String uuid = RepositoryControl.braced(call.at("uuid"));
    return world.change(
        state -> {
          Repository repository = Named.repository(state, call);
          if (repository.hook(uuid).isEmpty()) {
            throw none(uuid);
          }
          repository.removeHook(uuid);
          return Reply.empty(204);
        });
  }

  private static BadInput none(String uuid) {
    return new BadInput("there is no hook " + uuid);
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
