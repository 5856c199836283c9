package sh.cinch.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import sh.cinch.schema.text.Visible;

/** JSON for scripts that a terminal may show as well. */
public final class Json {

  private Json() {}

  public static String pretty(JsonNode json) {
    return spelt(json.toPrettyString());
  }

  /**
   * The same JSON without hidden characters, which stand in strings alone.
   *
   * @param json whose strings have no line breaks but as {@code \n}
   */
  public static String spelt(String json) {
    StringBuilder spelt = new StringBuilder(json.length());
    json.codePoints()
        .forEach(
            c -> {
              if (c != '\n' && Visible.isHidden(c)) {
                for (char unit : Character.toChars(c)) {
                  spelt.append("\\u%04x".formatted((int) unit));
                }
              } else {
                spelt.appendCodePoint(c);
              }
            });
    return spelt.toString();
  }
}
