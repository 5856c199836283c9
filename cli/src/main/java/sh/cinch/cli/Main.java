package sh.cinch.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sh.cinch.cli.deadletters.DeadLettersCommand;
import sh.cinch.cli.deliveries.DeliveriesCommand;
import sh.cinch.cli.deliveries.WebhooksCommand;
import sh.cinch.cli.release.ReleaseCommand;
import sh.cinch.cli.repo.RepoCommand;
import sh.cinch.cli.server.Refusal;
import sh.cinch.cli.terminal.Terminal;

/** {@code cinch}: {@link #run} returns the exit code, only {@link #main} exits. */
@Command(
    name = "cinch",
    description =
        "Connects Bitbucket repositories to Cinch, the CI that runs on your own machines.",
    mixinStandardHelpOptions = true,
    version = "cinch 0.1.0",
    subcommands = {
      RepoCommand.class,
      DeliveriesCommand.class,
      WebhooksCommand.class,
      ReleaseCommand.class,
      DeadLettersCommand.class
    },
    sortOptions = false,
    footer = {
      "",
      "Also on this launcher, each a process of its own:",
      "  ./cinch demo                 the whole pipeline on this machine, explained step by step",
      "  ./cinch up [--simulator]     the whole stack, left running",
      "  ./cinch ingress | token-service | status-worker | release-worker | simulator",
      "  ./cinch keyset               a new CINCH_KEYSET; rotate, status, prune change its key",
      "  ./cinch benchmark            what the token-service can do, beside what is possible",
      "  ./cinch verify | proof       every check and test; the fault tests at their full counts",
      "  ./cinch format               for developers: the sources to google-java-format",
      "",
      "Where Cinch is: CINCH_INGRESS_URL and CINCH_API_TOKEN; without them .cinch/stack.json,"
          + " which",
      "./cinch up writes.",
      "",
      "Exit codes: 0 done, 1 refused or failed, 2 not understood; cinch release: 3 not finished in"
          + " time."
    })
public final class Main implements Runnable {

  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(run(Terminal.command(new Main()), arguments));
  }

  /** Exit code: 0 done, 1 refused or failed, 2 not understood. */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return run(Terminal.command(new Main(), out, err), arguments);
  }

  private static int run(CommandLine command, String... arguments) {
    command.setExecutionExceptionHandler(
        (failure, commandLine, parsed) -> {
          if (failure instanceof Refusal refusal) {
            Terminal.failed(commandLine, refusal);
            return 1;
          }
          throw failure;
        });
    return command.execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do.");
  }
}
