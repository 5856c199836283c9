package sh.cinch.simulator.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.Issued;
import sh.cinch.simulator.world.World;

/** Which secrets were handed out, for whoever searches places where they must not be. */
record IssuedControl(World world) {

  Reply show(Call call) {
    ObjectNode body = Json.object();
    ArrayNode secrets = body.putArray("secrets");
    for (Issued issued : world.ask(state -> state.credentials().issued())) {
      secrets.addObject().put("kind", issued.kind().word()).put("value", issued.value());
    }
    return Reply.json(200, body);
  }
}
