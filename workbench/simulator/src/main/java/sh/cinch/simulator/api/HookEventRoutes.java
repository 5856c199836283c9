package sh.cinch.simulator.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.http.Routes;

/** What hooks can subscribe to: public, no token asked. */
final class HookEventRoutes {
  private HookEventRoutes() {}

  static void addTo(Routes routes) {
    routes.imitate(
        HttpMethod.GET,
        Api.ROOT + "/hook_events/repository",
        call -> Listing.of(call, HookEvents.ALL, HookEventRoutes::show));
    routes.imitate(
        HttpMethod.GET,
        Api.ROOT + "/hook_events",
        call -> {
          ObjectNode links = Json.object();
          links
              .putObject("repository")
              .putObject("links")
              .putObject("events")
              .put("href", call.site().api("/hook_events/repository"));
          return Reply.json(200, links);
        });
  }

  private static ObjectNode show(String event) {
    String what = event.substring(event.indexOf(':') + 1).replace('_', ' ');
    return Json.object()
        .put("event", event)
        .put("category", HookEvents.category(event))
        .put("label", what)
        .put("description", "Whenever the event " + event + " occurs");
  }
}
