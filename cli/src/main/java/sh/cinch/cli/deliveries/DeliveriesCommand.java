package sh.cinch.cli.deliveries;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cinch deliveries}. */
@Command(
    name = "deliveries",
    description = {
      "Webhook deliveries: find them, look into them, have what they brought published once more.",
      "",
      "Every delivery that comes in through a repository's webhook has a line in the log: how it"
          + " was answered, what became of it, and where something was left out or refused, why and"
          + " what to do. Bodies are kept for some days (CINCH_DELIVERY_BODY_DAYS).",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {ListCommand.class, ShowCommand.class, ReplayCommand.class},
    footer = {
      "",
      "Examples:",
      "  cinch deliveries list acme/app --since 2h",
      "  cinch deliveries list acme/app --ref main --outcome no-room",
      "  cinch deliveries show ID --body > push.json",
      "  cinch deliveries replay ID",
      "  cinch deliveries replay --repo acme/app --since 2h --again --yes",
      "",
      "Looking takes a token that may see the repository; bodies and replays are for its"
          + " administrators and the operator."
    })
public final class DeliveriesCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do with deliveries.");
  }
}
