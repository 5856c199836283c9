package sh.cinch.simulator.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import sh.cinch.simulator.fault.Fault;
import sh.cinch.simulator.fault.FaultRule;
import sh.cinch.simulator.fault.Faults;
import sh.cinch.simulator.fault.Glob;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.World;

/** Breaks things on purpose, and mends them. */
record FaultControl(Faults faults, World world) {
  private static final int LONGEST_MS = 3_600_000;
  private static final int LONGEST_SECONDS = 24 * 3600;
  private static final String GARBAGE = "<html><body>upstream connect error {\"type\":";

  Reply add(Call call) {
    Fields fields =
        Fields.of(
            call, "method", "path", "kind", "status", "ms", "headers", "body", "times", "seconds");
    faults.add(
        new FaultRule(
            fields.text("method"),
            new Glob(fields.text("path").orElse("*")),
            fault(fields),
            fields.number("times", 1, Integer.MAX_VALUE),
            fields.number("seconds", 1, LONGEST_SECONDS).map(world.now()::plusSeconds)));
    return Reply.empty(204);
  }

  /** What has not struck as often as it is to. */
  Reply show(Call call) {
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("faults");
    for (FaultRule rule : faults.armed()) {
      ObjectNode armed = list.addObject().put("path", rule.path().text());
      rule.method().ifPresent(method -> armed.put("method", method));
      rule.times().ifPresent(times -> armed.put("times", times));
    }
    return Reply.json(200, body);
  }

  Reply clear(Call call) {
    faults.clear();
    return Reply.empty(204);
  }

  private static Fault fault(Fields fields) {
    String kind = fields.requiredText("kind");
    return switch (kind) {
      case "latency" -> new Fault.Latency(wait(fields));
      case "status" -> new Fault.Status(reply(fields));
      case "reset" -> new Fault.Reset();
      case "lost-response" -> new Fault.LostResponse();
      case "late-effect" -> new Fault.LateEffect(wait(fields));
      case "garbage" -> new Fault.Garbage(fields.text("body").orElse(GARBAGE));
      default ->
          throw new BadInput(
              "kind is latency, status, reset, lost-response, late-effect or garbage, not " + kind);
    };
  }

  private static Duration wait(Fields fields) {
    return fields
        .number("ms", 1, LONGEST_MS)
        .map(Duration::ofMillis)
        .orElseThrow(() -> new BadInput("ms is missing"));
  }

  private static Reply reply(Fields fields) {
    int status =
        fields.number("status", 200, 599).orElseThrow(() -> new BadInput("status is missing"));
    Map<String, String> headers = fields.textByName("headers");
    Buffer body =
        Buffer.buffer(fields.text("body").orElse("The simulator was told to answer " + status));
    return Reply.of(status, "text/plain", body).with(headers);
  }
}
