package sh.cinch.cli.repo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.cli.terminal.Json;
import sh.cinch.schema.text.Visible;

/** {@code cinch repo secret}. */
@Command(
    name = "secret",
    description = {
      "Makes a new secret for a repository's webhook; the one before is valid for an hour more.",
      "",
      "Where Cinch made the webhook, it tells Bitbucket itself, and shows nothing. Where you made"
          + " it, the new secret is shown this once, for you to enter there.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SecretCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions server;

  @Parameters(paramLabel = "ID", description = "The repository's id, as cinch repo list prints it.")
  private UUID id;

  @Option(names = "--json", description = "Print Cinch's answer as JSON, for scripts.")
  private boolean json;

  @Override
  public Integer call() {
    JsonNode answer =
        Objects.requireNonNull(
            server.server().call("POST", "/repositories/%s/webhook/secret".formatted(id), null),
            "Cinch's answer has no body");
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(answer));
    } else if (answer.path("installed").asBoolean()) {
      out.println(
          "Bitbucket signs with a new secret from now on. The one before is valid for an hour"
              + " more.");
    } else {
      JsonNode manual = answer.path("manualWebhook");
      out.printf(
          """
          Enter this on Bitbucket (Repository settings > Webhooks > the webhook > Edit) within an
          hour; until then the secret before is valid too:

             URL        %s
             Secret     %s
             Triggers   Repository > Push

          The secret is shown this once.
          """,
          Visible.oneLine(manual.path("url").asText()),
          Visible.oneLine(manual.path("secret").asText()));
    }
    return 0;
  }
}
