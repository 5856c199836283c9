package sh.cinch.cli.deadletters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sh.cinch.cli.server.Query;
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.cli.terminal.Json;
import sh.cinch.schema.text.Visible;

/** {@code cinch dead-letters list}. */
@Command(
    name = "list",
    description = {
      "Lists dead letters, the newest first, with the reason of each.",
      "",
      "Of a flood Cinch lists the newest 5,000 of one reason; how many more there are is said at"
          + " the end. All of them are on cinch.dead-letter.v1.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ListCommand implements Callable<Integer> {

  private static final String ALL = "all";
  private static final Set<String> STATES = Set.of("open", "replayed", "dropped", ALL);

  @Spec private CommandSpec spec;
  @Mixin private FilterOptions filter;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      defaultValue = "open",
      description =
          "open: nothing was done about them; replayed; dropped; all. Default: ${DEFAULT-VALUE}.")
  private String state = "open";

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
    if (!STATES.contains(state)) {
      throw wrong(
          "--state is '%s': open, replayed, dropped or all is expected."
              .formatted(Visible.oneLine(state)));
    }
    if (limit < 1) {
      throw wrong("--limit is %d: there is nothing to list.".formatted(limit));
    }
    Query query = filter.query().with("state", state.equals(ALL) ? null : state);
    var listed = new DeadLetterCalls(server.server()).list(query, limit);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (json) {
      out.println(Json.pretty(JsonNodeFactory.instance.arrayNode().addAll(listed.letters())));
    } else if (listed.letters().isEmpty()) {
      out.println("No dead letter is meant.");
    } else {
      listed.letters().forEach(letter -> Letter.of(letter).print(out));
    }
    if (!listed.isAll()) {
      err.printf("There are more than these %d: --limit shows them.%n", listed.letters().size());
    }
    for (JsonNode more : listed.unlisted()) {
      err.printf(
          "Not listed, on cinch.dead-letter.v1 alone: %s of %s, %s to %s, such as: %s%n",
          Letter.text(more, "count"),
          Letter.text(more, "topic"),
          Letter.text(more, "from"),
          Letter.text(more, "to"),
          Letter.text(more, "reason"));
    }
    return 0;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
