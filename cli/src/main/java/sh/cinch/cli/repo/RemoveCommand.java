package sh.cinch.cli.repo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.schema.text.Visible;

/** {@code cinch repo remove}. */
@Command(
    name = "remove",
    description =
        "Disconnects a repository: removes the webhook Cinch made, then what it was connected"
            + " with.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RemoveCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions server;

  @Parameters(paramLabel = "ID", description = "The repository's id, as cinch repo list prints it.")
  private UUID id;

  @Override
  public Integer call() {
    JsonNode answer = server.server().call("DELETE", "/repositories/" + id, null);
    PrintWriter out = spec.commandLine().getOut();
    out.println("Disconnected " + id);
    if (answer != null) {
      answer
          .path("warnings")
          .forEach(left -> out.println("  left  " + Visible.oneLine(left.asText())));
      answer
          .path("notes")
          .forEach(note -> out.println("  note  " + Visible.oneLine(note.asText())));
    }
    return 0;
  }
}
