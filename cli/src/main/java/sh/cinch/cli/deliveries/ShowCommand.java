package sh.cinch.cli.deliveries;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sh.cinch.cli.server.Refusal;
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.cli.terminal.Json;

/** {@code cinch deliveries show}. */
@Command(
    name = "show",
    description = {
      "Shows one delivery: how it was answered and why, its headers, the events it became, and the"
          + " statuses and releases those led to.",
      "",
      "Headers are shown as they came: nobody signs them, so that any may say anything.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ShowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ID", description = "Its id, as cinch deliveries list prints it.")
  private String id;

  @Option(
      names = "--body",
      description = {
        "Print its body alone, as long as it is kept: for the repository's administrators and the"
            + " operator."
      })
  private boolean bodyAlone;

  @Option(names = "--json", description = "Print Cinch's answer as JSON, for scripts.")
  private boolean json;

  @Mixin private ServerOptions server;

  @Override
  public Integer call() {
    var calls = new DeliveryCalls(server.server());
    PrintWriter out = spec.commandLine().getOut();
    if (bodyAlone) {
      out.println(Json.pretty(calls.body(readable(calls.show(id)))));
      return 0;
    }
    JsonNode delivery = calls.show(id);
    if (json) {
      out.println(Json.pretty(delivery));
    } else {
      DeliveryText.printAll(delivery, out);
    }
    return 0;
  }

  private String readable(JsonNode delivery) {
    if (delivery.path("outcome").asText().equals("not-json")) {
      throw new Refusal(
          "Its body is no JSON: GET /api/v1/deliveries/%s/body has it as it came."
              .formatted(DeliveryText.text(delivery, "id")));
    }
    return id;
  }
}
