package sh.cinch.cli.deadletters;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cinch dead-letters}. */
@Command(
    name = "dead-letters",
    description = {
      "Records that could not be used: look at them, send them again, put them aside.",
      "",
      "A build state or a release request that Cinch can do nothing with is a dead letter, with its"
          + " reason: a repository that is not connected, a field that is wrong, a commit that"
          + " Bitbucket does not know. Nothing of it is lost. Once the reason is gone, replay it;"
          + " where the record itself is wrong, replay it with a corrected value.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {ListCommand.class, ShowCommand.class, ReplayCommand.class, DropCommand.class},
    footer = {
      "",
      "Examples:",
      "  cinch dead-letters list --since 2h",
      "  cinch dead-letters replay --repo acme/app --reason 'unknown repository' --yes",
      "  cinch dead-letters show ID --value > fixed.json",
      "  cinch dead-letters replay ID --value fixed.json",
      "  cinch dead-letters drop --topic build-state --reason \"'passed'\" --yes",
      "",
      "Needs an operator's API token."
    })
public final class DeadLettersCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do with dead letters.");
  }
}
