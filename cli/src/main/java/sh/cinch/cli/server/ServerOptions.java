package sh.cinch.cli.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sh.cinch.schema.text.Visible;

/**
 * How every command finds Cinch: the option, else the environment, else {@code ./cinch up}'s file.
 */
public final class ServerOptions {

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Where Cinch is. Default: CINCH_INGRESS_URL, else what .cinch/stack.json says.")
  private @Nullable URI url;

  @Option(
      names = "--stack",
      paramLabel = "FILE",
      defaultValue = ".cinch/stack.json",
      description = "The file that ./cinch up writes. Default: ${DEFAULT-VALUE}.")
  private Path stack = Path.of(".cinch/stack.json");

  public Server server() {
    return new Server(address(System.getenv()));
  }

  Address address(Map<String, String> environment) {
    Optional<JsonNode> running = running();
    URI ingress =
        Optional.ofNullable(url)
            .or(() -> Optional.ofNullable(environment.get("CINCH_INGRESS_URL")).map(URI::create))
            .or(() -> running.map(file -> URI.create(file.path("ingress").asText())))
            .orElseThrow(
                () ->
                    new Refusal(
                        "No Cinch to talk to: %s is not there. Start one with ./cinch up, or set CINCH_INGRESS_URL and CINCH_API_TOKEN."
                            .formatted(Visible.oneLine(stack.toString()))));
    String token =
        Optional.ofNullable(environment.get("CINCH_API_TOKEN"))
            .or(
                () ->
                    // Its token is for its own address only.
                    running
                        .filter(file -> file.path("ingress").asText().equals(ingress.toString()))
                        .map(file -> file.path("apiToken").asText()))
            .orElseThrow(() -> new Refusal("No API token: set CINCH_API_TOKEN."));
    return new Address(ingress, token);
  }

  private Optional<JsonNode> running() {
    if (!Files.exists(stack)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ObjectMapper().readTree(stack.toFile()));
    } catch (IOException e) {
      throw new Refusal(
          "%s cannot be read: %s"
              .formatted(
                  Visible.oneLine(stack.toString()),
                  Visible.oneLine(String.valueOf(e.getMessage()))));
    }
  }
}
