package sh.cinch.cli.deadletters;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sh.cinch.cli.server.ServerOptions;

/** {@code cinch dead-letters drop}. */
@Command(
    name = "drop",
    description = {
      "Puts dead letters aside: nobody has to see to them any more.",
      "",
      "By id, or all open ones that the options mean. They stay in list --state dropped, and may"
          + " still be replayed by their ids.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Exit codes: 0 all dropped, 1 refused, or some are left, 2 not understood."})
final class DropCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Meant meant;

  @Option(names = "--json", description = "Print what became of them as JSON, for scripts.")
  private boolean json;

  @Mixin private ServerOptions server;

  @Override
  public Integer call() {
    List<String> ids = meant.ids();
    var calls = new DeadLetterCalls(server.server());
    Result result =
        new Result("dropped", ids.isEmpty() ? some(calls) : DeadLetterCalls.each(ids, calls::drop));
    return result.print(json, spec.commandLine().getOut(), spec.commandLine().getErr());
  }

  private DeadLetterCalls.Settled some(DeadLetterCalls calls) {
    Meant.Found found = meant.confirmed(calls, "drop");
    return found.isNone() ? DeadLetterCalls.Settled.NONE : calls.drop(found.query());
  }
}
