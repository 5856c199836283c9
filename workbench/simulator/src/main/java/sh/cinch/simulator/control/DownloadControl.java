package sh.cinch.simulator.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.Download;
import sh.cinch.simulator.world.World;

/** The downloads as they are on the disk, which the API does not tell in such detail. */
record DownloadControl(World world) {

  Reply show(Call call) {
    return world.ask(
        state -> {
          ObjectNode body = Json.object();
          ArrayNode downloads = body.putArray("downloads");
          Named.repository(state, call).downloads().forEach(each -> downloads.add(show(each)));
          return Reply.json(200, body);
        });
  }

  private static ObjectNode show(Download download) {
    return Json.object()
        .put("name", download.name())
        .put("size", download.content().size())
        .put("sha256", download.content().sha256())
        .put("replaced", download.replaced());
  }
}
