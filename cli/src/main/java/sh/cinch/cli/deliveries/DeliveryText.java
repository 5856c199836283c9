package sh.cinch.cli.deliveries;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import sh.cinch.schema.text.Visible;

/** Deliveries as people read them. */
public final class DeliveryText {

  /** Refs that stand in a line. */
  private static final int FEW = 3;

  private DeliveryText() {}

  /** One in a list. */
  public static void print(JsonNode delivery, PrintWriter out) {
    out.println(
        "%s  %s %-20s %-10s %s  %s"
            .formatted(
                text(delivery, "receivedAt"),
                text(delivery, "answer"),
                text(delivery, "outcome"),
                text(delivery, "eventKey"),
                text(delivery, "id"),
                some(refs(delivery)))
            .stripTrailing());
    if (delivery.has("reason")) {
      out.println("    " + text(delivery, "reason"));
    }
    own(delivery, out, "    ");
  }

  /** All that is known of one. */
  static void printAll(JsonNode delivery, PrintWriter out) {
    out.printf("%s%n", text(delivery, "id"));
    out.printf("  received  %s%n", text(delivery, "receivedAt"));
    out.printf("  answered  %s %s%n", text(delivery, "answer"), text(delivery, "outcome"));
    if (delivery.has("reason")) {
      out.printf("  because   %s%n", text(delivery, "reason"));
    }
    own(delivery, out, "  ");
    out.printf(
        "  event     %s, attempt %s%n", text(delivery, "eventKey"), text(delivery, "attempt"));
    refs(delivery).forEach(ref -> out.printf("  changed   %s%n", ref));
    for (JsonNode header : delivery.path("headers")) {
      out.printf("  header    %s: %s%n", text(header, "name"), text(header, "value"));
    }
    out.printf(
        "  body      %s%n",
        delivery.has("bodyBytes")
            ? "%s bytes are kept: show --body prints them".formatted(text(delivery, "bodyBytes"))
            : "not kept");
    for (JsonNode push : delivery.path("pushes")) {
      out.printf(
          "  push      %s  %s %s %s%n",
          text(push, "id"), text(push, "ref"), text(push, "change"), text(push, "commit"));
    }
    for (JsonNode status : delivery.path("statuses")) {
      out.printf(
          "  status    %s of %s: %s, %s%n",
          text(status, "key"),
          text(status, "commit"),
          text(status, "wanted"),
          text(status, "outcome"));
    }
    for (JsonNode release : delivery.path("releases")) {
      out.printf("  release   %s: %s%n", text(release, "tag"), text(release, "state"));
    }
  }

  private static void own(JsonNode delivery, PrintWriter out, String indent) {
    if (delivery.has("replayOf")) {
      out.println(
          "%sa replay of %s, asked for by: %s"
              .formatted(indent, text(delivery, "replayOf"), text(delivery, "askedBy")));
    } else if (delivery.path("test").asBoolean()) {
      out.println("%sa test, asked for by: %s".formatted(indent, text(delivery, "askedBy")));
    }
  }

  static List<String> refs(JsonNode delivery) {
    List<String> refs = new ArrayList<>();
    delivery.path("refs").forEach(ref -> refs.add(shown(ref.asText())));
    return refs;
  }

  private static String some(List<String> refs) {
    return refs.size() <= FEW
        ? String.join(" ", refs)
        : "%s and %d more".formatted(String.join(" ", refs.subList(0, FEW)), refs.size() - FEW);
  }

  static String text(JsonNode node, String field) {
    return shown(node.path(field).asText());
  }

  static String shown(String text) {
    return Visible.oneLine(text);
  }
}
