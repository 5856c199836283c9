package sh.cinch.cli.deadletters;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import sh.cinch.schema.text.Visible;

/** A dead letter, for people. */
record Letter(JsonNode json) {

  static Letter of(JsonNode json) {
    return new Letter(json);
  }

  /** Two lines. */
  void print(PrintWriter out) {
    out.printf(
        "%s  %-8s  %s  %s%s%n",
        text(json, "at"),
        text(json, "state"),
        text(json, "id"),
        text(json, "consumer"),
        repository());
    out.println("  " + text(json, "reason"));
    history(out);
  }

  /** What is known of it, a line each. */
  void printAll(PrintWriter out) {
    out.println(text(json, "id"));
    out.printf("  state     %s%n", text(json, "state"));
    out.printf("  reason    %s%n", text(json, "reason"));
    out.printf("  given up  %s, by %s%n", text(json, "at"), text(json, "consumer"));
    if (!repository().isEmpty()) {
      out.printf("  of        %s%n", repository().strip());
    }
    if (json.has("eventId")) {
      out.printf("  ce_id     %s%n", text(json, "eventId"));
    }
    if (!json.path("cut").isEmpty()) {
      out.println(
          "  cut       it is too large for cinch.dead-letter.v1; its topic may have it whole");
    }
    history(out);
  }

  private void history(PrintWriter out) {
    if (json.has("replayOf")) {
      out.printf("  was replayed from %s%n", text(json, "replayOf"));
    }
    if (json.has("deadAgainAs")) {
      out.printf("  is dead again as %s%n", text(json, "deadAgainAs"));
    }
  }

  private String repository() {
    JsonNode repository = json.path("repository");
    String named = text(repository, repository.has("fullName") ? "fullName" : "id");
    return named.isEmpty() ? "" : "  " + named;
  }

  static String text(JsonNode node, String field) {
    return Visible.oneLine(node.path(field).asText());
  }
}
