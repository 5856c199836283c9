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
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.cli.terminal.Json;

/** {@code cinch webhooks simulate}. */
@Command(
    name = "simulate",
    description = {
      "Has Cinch compose a push, sign it and deliver it to itself.",
      "",
      "For who sits behind a firewall, where Bitbucket does not reach Cinch, and for trying a"
          + " runner without pushing. The push is of the default branch, where it is on Bitbucket"
          + " now; Cinch verifies and publishes it like one that came in. Its event has"
          + " \"test\": true, which no delivery from outside can have: a runner may build it, or"
          + " pass it over.",
      "",
      "For the repository's administrators and the operator; five an hour of a repository.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Exit codes: 0 published, 1 refused or failed, 2 not understood."})
final class SimulateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "REPO",
      description = "The repository: acme/app, or its id as cinch repo list prints it.")
  private String repository;

  @Option(names = "--json", description = "Print Cinch's answer as JSON, for scripts.")
  private boolean json;

  @Mixin private ServerOptions server;

  @Override
  public Integer call() {
    JsonNode delivery = new DeliveryCalls(server.server()).simulate(repository);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(delivery));
    } else {
      out.printf("Published a test push of %s.%n", String.join(" ", DeliveryText.refs(delivery)));
      out.printf(
          "  delivery  %s; cinch deliveries show prints what comes of it%n",
          DeliveryText.text(delivery, "id"));
    }
    return 0;
  }
}
