package sh.cinch.schema.text;

import java.text.BreakIterator;
import java.util.Locale;

/**
 * Text that is only shown, no longer than it may be; never half of what a reader sees as one
 * character, as far as it is not absurdly long.
 */
public final class Cut {

  /** Stands where something is missing. */
  public static final String MARK = "…";

  /** What is one character to a reader, as families and flags are, has rarely more UTF-16 units. */
  private static final int LONGEST_CHARACTER = 64;

  private Cut() {}

  /**
   * The text, or its beginning and {@value #MARK}.
   *
   * @param longest code points of the result, at least one
   */
  public static String to(String text, int longest) {
    return text.length() <= longest || text.codePointCount(0, text.length()) <= longest
        ? text
        : begin(text, text.offsetByCodePoints(0, longest - 1)) + MARK;
  }

  /**
   * The same for whoever counts otherwise: of UTF-16 units a text has at least as many as of
   * anything else that is called a character.
   *
   * @param longest UTF-16 units of the result, at least one
   */
  public static String toUnits(String text, int longest) {
    return text.length() <= longest ? text : begin(text, longest - 1) + MARK;
  }

  /**
   * The text, or its beginning, {@value #MARK} and its end: for what may differ from others in its
   * last word alone.
   *
   * @param longest UTF-16 units of the result, at least one
   */
  public static String middle(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int ending = (longest - 1) / 3;
    return begin(text, longest - 1 - ending) + MARK + end(text, text.length() - ending);
  }

  /** As much of the beginning as ends there, or a little earlier. */
  private static String begin(String text, int end) {
    int most = pairBorder(text, end, -1);
    // From the very beginning: where a flag begins depends on all flags before it.
    BreakIterator characters = characters(text.substring(0, text.offsetByCodePoints(most, 1)));
    int border = characters.isBoundary(most) ? most : characters.preceding(most);
    return text.substring(0, border == 0 || most - border > LONGEST_CHARACTER ? most : border);
  }

  /** As much of the end as begins there, or a little later. */
  private static String end(String text, int begin) {
    int least = pairBorder(text, begin, 1);
    BreakIterator characters = characters(text);
    int border = characters.isBoundary(least) ? least : characters.following(least);
    return text.substring(border - least > LONGEST_CHARACTER ? least : border);
  }

  private static BreakIterator characters(String text) {
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text);
    return characters;
  }

  /** There, or a step beside where that is in the middle of a surrogate pair. */
  private static int pairBorder(String text, int at, int step) {
    return at > 0
            && at < text.length()
            && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at))
        ? at + step
        : at;
  }
}
