package sh.cinch.ingress.webhooks;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The body of a push in which some values are others than Bitbucket sends, or none. */
final class AlmostPush {

  /** Stands for the repository's own UUID, which differs from run to run. */
  static final String OWN_UUID = "{own}";

  private static final String COMMIT =
      """
      <{"type":<"commit">,"hash":<"0123456789abcdef0123456789abcdef01234567">,\
      "message":<"Fix\\u00e9\\n">,"author":<{"raw":<"Jo, jo@example.com">,"user":<{}>}>}>\
      """;

  private static final String SIDE =
      "<{\"type\":<\"branch\">,\"name\":<\"main\">,\"target\":%s}>".formatted(COMMIT);

  private static final String CHANGE =
      """
      <{"old":%1$s,"new":%1$s,"created":<false>,"closed":<false>,"forced":<true>,\
      "truncated":<false>,"commits":<[%2$s]>}>\
      """
          .formatted(SIDE, COMMIT);

  /** What stands between angle brackets may be replaced. */
  private static final String WHOLE =
      """
      {"push":<{"changes":<[%1$s,%1$s]>}>,"repository":<{"uuid":<"%2$s">,"full_name":<"acme/app">}>,\
      "actor":<{"type":<"user">,"uuid":<"{6b47}">,"display_name":<"Jo">,"nickname":<"jo">}>}\
      """
          .formatted(CHANGE, OWN_UUID);

  private static final List<String> PIECES = List.of(WHOLE.split("(?=[<>])|(?<=[<>])"));

  private static final String[] OTHERS = {
    "null",
    "true",
    "-1e999",
    "0",
    "\"\"",
    "[]",
    "{}",
    "[[[[{}]]]]",
    "\"\\ud800\"",
    "\"refs/heads/x\"",
    ""
  };

  private AlmostPush() {}

  static String of(FuzzedDataProvider data) {
    Deque<StringBuilder> begun = new ArrayDeque<>(List.of(new StringBuilder()));
    for (String piece : PIECES) {
      switch (piece) {
        case "<" -> begun.push(new StringBuilder());
        case ">" -> {
          String usual = begun.pop().toString();
          begun.element().append(value(usual, data));
        }
        default -> begun.element().append(piece);
      }
    }
    return begun.element().toString();
  }

  private static String value(String usual, FuzzedDataProvider data) {
    // What holds much is left as it is more often, or hardly any would be as usual anywhere.
    boolean isWhole = usual.startsWith("{") || usual.startsWith("[");
    return switch (data.consumeInt(0, isWhole ? 63 : 15)) {
      case 1 -> data.pickValue(OTHERS);
      case 2 -> '"' + text(data) + '"';
      case 3 -> usual + ',' + usual;
      case 4 -> "[" + usual + "]";
      default -> usual;
    };
  }

  /** Bytes of whatever kind, as they may stand between quotes. */
  private static String text(FuzzedDataProvider data) {
    StringBuilder text = new StringBuilder();
    for (byte some : data.consumeBytes(400)) {
      char character = (char) (some & 0xff);
      text.append(character < ' ' || character == '"' || character == '\\' ? '_' : character);
    }
    return text.toString();
  }
}
