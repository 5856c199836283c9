package sh.cinch.cli.repo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.cli.terminal.Json;
import sh.cinch.schema.text.Visible;

/** {@code cinch repo deliveries}. */
@Command(
    name = "deliveries",
    description =
        "Lists the webhook deliveries that came in for a repository, the newest first, how each was"
            + " answered, and what to do about those that were refused.",
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
    JsonNode page =
        Objects.requireNonNull(
            server
                .server()
                .call("GET", "/repositories/%s/deliveries?limit=%d".formatted(id, NEWEST), null),
            "Cinch's answer has no body");
    JsonNode newest = page.path("items");
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(newest));
    } else if (newest.isEmpty()) {
      out.println("Nothing has come in yet.");
    } else {
      newest.forEach(delivery -> print(delivery, out));
    }
    return 0;
  }

  private static void print(JsonNode delivery, PrintWriter out) {
    out.printf(
        "%s  %s %-20s %s%n",
        text(delivery, "receivedAt"),
        text(delivery, "answer"),
        text(delivery, "outcome"),
        text(delivery, "eventKey"));
    if (delivery.has("reason")) {
      out.println("    " + text(delivery, "reason"));
    }
  }

  private static String text(JsonNode node, String field) {
    return Visible.oneLine(node.path(field).asText());
  }
}
