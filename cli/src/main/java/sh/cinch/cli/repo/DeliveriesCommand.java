package sh.cinch.cli.repo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sh.cinch.cli.deliveries.DeliveryCalls;
import sh.cinch.cli.deliveries.DeliveryText;
import sh.cinch.cli.server.Query;
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.cli.terminal.Json;

/** {@code cinch repo deliveries}: the newest of {@code cinch deliveries list}. */
@Command(
    name = "deliveries",
    description =
        "Lists the webhook deliveries that came in for a repository, the newest first, how each was"
            + " answered, and what to do about those that were refused. cinch deliveries list finds"
            + " others.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DeliveriesCommand implements Callable<Integer> {

  private static final int NEWEST = 50;

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions server;

  @Parameters(paramLabel = "ID", description = "The repository's id, as cinch repo list prints it.")
  private UUID id;

  @Option(names = "--json", description = "Print them as a JSON array, for scripts.")
  private boolean json;

  @Override
  public Integer call() {
    List<JsonNode> newest =
        new DeliveryCalls(server.server()).list(id.toString(), Query.ALL, NEWEST).deliveries();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(JsonNodeFactory.instance.arrayNode().addAll(newest)));
    } else if (newest.isEmpty()) {
      out.println("Nothing has come in yet.");
    } else {
      newest.forEach(delivery -> DeliveryText.print(delivery, out));
    }
    return 0;
  }
}
