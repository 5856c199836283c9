package sh.cinch.cli.repo;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cinch repo}. */
@Command(
    name = "repo",
    description =
        "Connect repositories, list them, see what came in, renew a secret, disconnect them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      AddCommand.class,
      ListCommand.class,
      DeliveriesCommand.class,
      SecretCommand.class,
      RemoveCommand.class
    })
public final class RepoCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    CommandLine repo = spec.commandLine();
    throw new ParameterException(repo, "Say what to do with repositories.");
  }
}
