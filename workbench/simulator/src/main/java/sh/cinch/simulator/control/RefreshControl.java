package sh.cinch.simulator.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.oauth.RefreshLog;

/** How often each account's tokens were refreshed, and how that went. */
record RefreshControl(RefreshLog refreshes) {

  Reply show(Call call) {
    RefreshLog.Summary summary = refreshes.summary();
    ObjectNode body = Json.object();
    ArrayNode accounts = body.putArray("accounts");
    summary
        .accounts()
        .forEach((account, count) -> put(count, accounts.addObject().put("account", account)));
    put(summary.total(), body.putObject("total")).put("mostAtOnce", summary.mostAtOnce());
    return Reply.json(200, body);
  }

  private static ObjectNode put(RefreshLog.Count count, ObjectNode into) {
    return into.put("requests", count.requests())
        .put("granted", count.granted())
        .put("refused", count.refused())
        .put("repeated", count.repeated())
        .put("reused", count.reused());
  }
}
