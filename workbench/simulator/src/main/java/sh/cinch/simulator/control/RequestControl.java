package sh.cinch.simulator.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import sh.cinch.simulator.fault.Glob;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.http.RequestLog;

/** Which requests came, and how often. */
record RequestControl(RequestLog requests) {

  Reply show(Call call) {
    Map<RequestLog.Kind, Integer> counts =
        requests.counts(new Glob(call.query("path").orElse("*")));
    ObjectNode body =
        Json.object().put("total", counts.values().stream().mapToInt(Integer::intValue).sum());
    ArrayNode list = body.putArray("requests");
    counts.forEach(
        (kind, count) ->
            list.addObject()
                .put("method", kind.method())
                .put("route", kind.route())
                .put("account", kind.account())
                .put("status", kind.status())
                .put("count", count));
    return Reply.json(200, body);
  }
}
