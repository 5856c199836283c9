package sh.cinch.cli.repo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sh.cinch.cli.server.Server;
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.cli.terminal.Json;
import sh.cinch.schema.text.Visible;

/** {@code cinch repo list}. */
@Command(
    name = "list",
    description =
        "Lists the repositories your token may see, and which of their credentials want you: dead,"
            + " in doubt, or soon to end.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ListCommand implements Callable<Integer> {

  private static final String UNTOLD = "unknown";

  /** States that need nobody, unless a reason stands beside them. */
  private static final Set<String> QUIET = Set.of("healthy", UNTOLD);

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions server;

  @Option(names = "--json", description = "Print them as a JSON array, for scripts.")
  private boolean json;

  @Override
  public Integer call() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    Set<String> warnings = new LinkedHashSet<>();
    read(server.server(), all, warnings);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(all));
    } else if (all.isEmpty()) {
      out.println(
          "No repository is connected. Connect one with cinch repo add, or on Cinch's page.");
    } else {
      all.forEach(repository -> print(repository, out));
    }
    // Beside the list, so that a script reads the list alone.
    warnings.forEach(
        warning -> spec.commandLine().getErr().println("warning: " + Visible.oneLine(warning)));
    return 0;
  }

  private static void print(JsonNode repository, PrintWriter out) {
    out.printf(
        "%s  %-40s  webhook %s%n",
        text(repository, "id", ""),
        text(repository, "fullName", ""),
        text(repository.path("webhook"), "state", "none"));
    JsonNode credential = repository.path("credential");
    String state = text(credential, "state", UNTOLD);
    if (credential.has("reason") || !QUIET.contains(state)) {
      out.printf(
          "  credential %s%s%n",
          state, credential.has("expiresAt") ? ", until " + text(credential, "expiresAt", "") : "");
      repository
          .path("warnings")
          .forEach(warning -> out.println("    " + Visible.oneLine(warning.asText())));
    }
  }

  private static String text(JsonNode node, String field, String otherwise) {
    return Visible.oneLine(node.path(field).asText(otherwise));
  }

  private static void read(Server server, ArrayNode all, Set<String> warnings) {
    Set<String> seen = new HashSet<>();
    String next = "";
    // A cursor that comes again would lead in circles.
    while (seen.add(next)) {
      String query = next.isEmpty() ? "" : "?cursor=" + URLEncoder.encode(next, UTF_8);
      JsonNode page = server.call("GET", "/repositories" + query, null);
      if (page != null) {
        page.path("items").forEach(all::add);
        page.path("warnings").forEach(warning -> warnings.add(warning.asText()));
        next = page.path("next").asText("");
      }
    }
  }
}
