package sh.cinch.cli.deliveries;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.cli.terminal.Json;

/** {@code cinch deliveries list}. */
@Command(
    name = "list",
    description = {
      "Lists the deliveries of a repository, the newest first: when, how they were answered, what"
          + " became of them, the event, the id, the refs.",
      "",
      "Refused ones are listed too, at most 100 of a webhook and day; below each stands why, and"
          + " what to do.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "REPO",
      description = "The repository: acme/app, or its id as cinch repo list prints it.")
  private String repository;

  @Mixin private DeliveryFilterOptions filter;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most so many. Default: ${DEFAULT-VALUE}.")
  private int limit = 50;

  @Option(names = "--json", description = "Print them as a JSON array, for scripts.")
  private boolean json;

  @Mixin private ServerOptions server;

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit is %d: there is nothing to list.".formatted(limit));
    }
    var listed = new DeliveryCalls(server.server()).list(repository, filter.query(), limit);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(JsonNodeFactory.instance.arrayNode().addAll(listed.deliveries())));
    } else if (listed.deliveries().isEmpty()) {
      out.println(filter.query().isOfAll() ? "Nothing has come in yet." : "No delivery is meant.");
    } else {
      listed.deliveries().forEach(delivery -> DeliveryText.print(delivery, out));
    }
    if (!listed.isAll()) {
      spec.commandLine()
          .getErr()
          .printf(
              "There are more than these %d: --limit shows them.%n", listed.deliveries().size());
    }
    return 0;
  }
}
