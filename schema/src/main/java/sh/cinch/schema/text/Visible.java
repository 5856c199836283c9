package sh.cinch.schema.text;

import java.util.function.IntPredicate;

/**
 * Text from elsewhere on its way to a terminal or a log: what would move the cursor, turn the
 * direction of writing or not be seen at all is spelt out, an escape as a backslash and {@code
 * u{1b}}. On its way to a page it is left out.
 */
public final class Visible {

  private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
  private static final int ZERO_WIDTH_JOINER = 0x200d;
  private static final int BLACK_FLAG = 0x1f3f4;

  private Visible() {}

  /** In one line. */
  public static String oneLine(String text) {
    return spelt(text, Visible::isHidden);
  }

  /** The same, where lines and tabs are our own. */
  public static String lines(String text) {
    return spelt(text, c -> isHidden(c) && c != '\n' && c != '\t');
  }

  /**
   * One line of a page, stripped: line breaks and control characters are a blank, whatever else is
   * hidden is gone. What joins emoji and letters stays, and so does what makes a black flag a
   * country's.
   */
  public static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    boolean isFlag = false;
    for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      int c = text.codePointAt(i);
      isFlag = c == BLACK_FLAG || (isFlag && isTag(c));
      if (!isHidden(c) || isJoiner(c) || isFlag) {
        plain.appendCodePoint(c);
      } else if (Character.getType(c) != Character.FORMAT && !isBlank(c)) {
        plain.append(plain.isEmpty() || plain.charAt(plain.length() - 1) != ' ' ? " " : "");
      }
    }
    return plain.toString().strip();
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

  private static boolean isJoiner(int c) {
    return c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER;
  }

  private static boolean isTag(int c) {
    return c >= 0xe0020 && c <= 0xe007f;
  }

  /** As nearly every line of a log is: asked first, since it is far sooner answered. */
  private static boolean isPrintableAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private static String spelt(String text, IntPredicate hidden) {
    if (isPrintableAscii(text) || text.codePoints().noneMatch(hidden)) {
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
