package sh.cinch.cli.operator;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sh.cinch.service.secret.Vault;

/** {@code ./cinch keyset}. */
@Command(
    name = "keyset",
    description = {
      "Prints a new keyset for CINCH_KEYSET: a secret that opens everything encrypted with it.",
      "Make one for the ingress and another for the token-service, and keep them where the",
      "database's backups are not.",
      "",
      "To change the key of a service that runs, without stopping it:",
      "",
      "  ./cinch keyset rotate FILE       a new key in the file that CINCH_KEYSET_FILE names",
      "  ./cinch keyset status --follow   watch every secret move to it",
      "  ./cinch keyset prune FILE        take the old keys out",
      "",
      "status and prune ask the token-service, or with --service ingress the ingress.",
      ""
    },
    subcommands = {RotateCommand.class, StatusCommand.class, PruneCommand.class},
    mixinStandardHelpOptions = true)
final class KeysetCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Vault.newKeyset().reveal());
    out.flush();
    return 0;
  }
}
