package sh.cinch.simulator.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.view.Times;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.State;
import sh.cinch.simulator.world.Status;
import sh.cinch.simulator.world.StatusWrite;
import sh.cinch.simulator.world.World;

/** The statuses as they stand, and every write that led there. */
record StatusControl(World world) {

  Reply show(Call call) {
    return world.ask(
        state -> {
          Repository repository = Named.repository(state, call);
          ObjectNode body = Json.object();
          ArrayNode statuses = body.putArray("statuses");
          repository.statuses().forEach(status -> statuses.add(show(state, status)));
          ArrayNode writes = body.putArray("writes");
          repository.writes().forEach(write -> writes.add(show(state, write)));
          return Reply.json(200, body);
        });
  }

  private static ObjectNode show(State state, Status status) {
    return Json.object()
        .put("commit", status.commit())
        .put("key", status.key())
        .put("state", status.state().name())
        .put("name", status.name())
        .put("description", status.description())
        .put("url", status.url())
        .put("refname", status.refname().orElse(null))
        .put("account", state.account(status.account()).nickname())
        .put("created_on", Times.micros(status.createdOn()))
        .put("updated_on", Times.micros(status.updatedOn()));
  }

  private static ObjectNode show(State state, StatusWrite write) {
    ObjectNode node =
        Json.object()
            .put("time", Times.micros(write.time()))
            .put("account", state.account(write.account()).nickname())
            .put("method", write.method())
            .put("commit", write.commit())
            .put("answer", write.answer());
    Optional<ObjectNode> body = Json.object(write.body().getBytes(StandardCharsets.UTF_8));
    String key = write.key().or(() -> body.map(json -> json.path("key").asText(null))).orElse(null);
    node.put("key", key);
    body.ifPresentOrElse(json -> node.set("body", json), () -> node.put("body", write.body()));
    return node;
  }
}
