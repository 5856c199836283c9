package sh.cinch.cli.deadletters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.schema.text.Visible;

/** {@code cinch dead-letters replay}. */
@Command(
    name = "replay",
    description = {
      "Sends dead letters to their topics again, under the ids they had: nothing happens twice.",
      "",
      "By id, or all open ones that the options mean, in the order in which they came. What cannot"
          + " be sent stays as it was, and the reason is printed. A replay that is of no use again"
          + " becomes a new dead letter, which names the one it was.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Exit codes: 0 all replayed, 1 refused, or some are left, 2 not understood."})
final class ReplayCommand implements Callable<Integer> {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @Spec private CommandSpec spec;
  @Mixin private Meant meant;

  @Option(
      names = "--value",
      paramLabel = "FILE|-",
      description = {
        "Send this JSON in the place of its value, for one id; - reads standard input. It is"
            + " checked before anything is sent. cinch dead-letters show ID --value prints the"
            + " value there is."
      })
  private @Nullable String file;

  @Option(names = "--json", description = "Print what became of them as JSON, for scripts.")
  private boolean json;

  @Mixin private ServerOptions server;

  @Override
  public Integer call() {
    List<String> ids = meant.ids();
    if (file != null && ids.size() != 1) {
      throw wrong("--value is for one dead letter: name its id.");
    }
    Optional<JsonNode> value = Optional.ofNullable(file).map(this::read);
    var calls = new DeadLetterCalls(server.server());
    Result result =
        ids.isEmpty()
            ? new Result("replayed", some(calls))
            : new Result("replayed", DeadLetterCalls.each(ids, id -> calls.replay(id, value)));
    return result.print(json, spec.commandLine().getOut(), spec.commandLine().getErr());
  }

  private DeadLetterCalls.Settled some(DeadLetterCalls calls) {
    Meant.Found found = meant.confirmed(calls, "replay");
    return found.isNone() ? DeadLetterCalls.Settled.NONE : calls.replay(found.query());
  }

  private JsonNode read(String name) {
    String shown = Visible.oneLine(name);
    try {
      JsonNode value =
          JSON.readTree(
              name.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(name)));
      if (!value.isObject()) {
        throw wrong("--value %s is no JSON object.".formatted(shown));
      }
      return value;
    } catch (JsonProcessingException e) {
      throw wrong(
          "--value %s is not JSON, in line %d, column %d."
              .formatted(shown, e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw wrong(
          "--value %s cannot be read: %s"
              .formatted(shown, Visible.oneLine(String.valueOf(e.getMessage()))));
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
