package sh.cinch.schema.text;

import java.util.function.IntPredicate;

/**
 * Text from elsewhere on its way to a terminal or a log: what would move the cursor, turn the
 * direction of writing or not be seen at all is spelt out, an escape as a backslash and {@code
 * u{1b}}.
 */
public final class Visible {

  private Visible() {}

  /** In one line. */
  public static String oneLine(String text) {
    return spelt(text, Visible::isHidden);
  }

  /** The same, where lines and tabs are our own. */
  public static String lines(String text) {
    return spelt(text, c -> isHidden(c) && c != '\n' && c != '\t');
  }

  /** Whether a reader cannot see that it is there, or sees something else for it. */
  public static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> isBlank(c);
    };
  }

  /** Letters and marks that show nothing. */
  private static boolean isBlank(int c) {
    return switch (c) {
      case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0 -> true;
      default -> c >= 0xe0100 && c <= 0xe01ef;
    };
  }

  private static String spelt(String text, IntPredicate hidden) {
    if (text.codePoints().noneMatch(hidden)) {
      return text;
    }
    StringBuilder spelt = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (hidden.test(c)) {
                spelt.append("\\u{").append(Integer.toHexString(c)).append('}');
              } else {
                spelt.appendCodePoint(c);
              }
            });
    return spelt.toString();
  }
}
