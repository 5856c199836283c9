package sh.cinch.cli.deadletters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sh.cinch.cli.server.Refusal;
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.cli.terminal.Json;
import sh.cinch.schema.text.Visible;

/** {@code cinch dead-letters show}. */
@Command(
    name = "show",
    description = "Shows one dead letter: why it is dead, its key, its headers, its value.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ShowCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "ID",
      description = "Its id, as cinch dead-letters list prints it: topic-partition-offset.")
  private String id;

  @Option(
      names = "--value",
      description = "Print its value alone, to be corrected and given to replay --value.")
  private boolean valueAlone;

  @Option(names = "--json", description = "Print Cinch's answer as JSON, for scripts.")
  private boolean json;

  @Mixin private ServerOptions server;

  @Override
  public Integer call() {
    JsonNode letter = new DeadLetterCalls(server.server()).show(id);
    PrintWriter out = spec.commandLine().getOut();
    JsonNode record = letter.path("record");
    if (json) {
      out.println(Json.pretty(letter));
    } else if (valueAlone) {
      out.println(value(whole(letter)));
    } else {
      Letter.of(letter).printAll(out);
      print(record, out);
    }
    return 0;
  }

  /** To be corrected: what is not all of it, or no text, would be taken for that. */
  private static JsonNode whole(JsonNode letter) {
    JsonNode record = letter.path("record");
    JsonNode value = record.path("value");
    if (value.isMissingNode()) {
      throw new Refusal("It has no value, or Kafka does not have it any more.");
    }
    if (!record.path("isWhole").asBoolean() && isCut(letter)) {
      throw new Refusal(
          "Kafka has only the beginning of its value: cinch dead-letters show %s prints it."
              .formatted(Letter.text(letter, "id")));
    }
    if (!value.has("text")) {
      throw new Refusal(
          "Its value is no text: cinch dead-letters show %s prints it in base64."
              .formatted(Letter.text(letter, "id")));
    }
    return value;
  }

  private static boolean isCut(JsonNode letter) {
    for (JsonNode part : letter.path("cut")) {
      if (part.asText().equals("value")) {
        return true;
      }
    }
    return false;
  }

  private static void print(JsonNode record, PrintWriter out) {
    if (record.isMissingNode()) {
      out.println("  record    Kafka does not have it any more");
      return;
    }
    out.printf("  key       %s%n", bytes(record.path("key")));
    for (JsonNode header : record.path("headers")) {
      out.printf("  header    %s: %s%n", Letter.text(header, "name"), bytes(header));
    }
    out.println(
        record.path("isWhole").asBoolean() ? "  value" : "  value     cut: its end is missing");
    out.println();
    out.println(value(record.path("value")));
  }

  /** In one line. */
  private static String bytes(JsonNode bytes) {
    return bytes.has("base64")
        ? "(base64) " + Letter.text(bytes, "base64")
        : Letter.text(bytes, "text");
  }

  /** JSON in lines, where it is that. */
  private static String value(JsonNode value) {
    if (!value.has("text")) {
      return bytes(value);
    }
    String text = value.path("text").asText();
    try {
      JsonNode read = JSON.readTree(text);
      return read.isContainerNode() ? Json.pretty(read) : Visible.oneLine(text);
    } catch (JsonProcessingException e) {
      return Visible.oneLine(text);
    }
  }
}
