package sh.cinch.cli.deliveries;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cinch webhooks}. */
@Command(
    name = "webhooks",
    description = "Try the way from a webhook to a build.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = SimulateCommand.class)
public final class WebhooksCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do with webhooks.");
  }
}
