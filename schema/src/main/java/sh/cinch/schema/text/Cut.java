package sh.cinch.schema.text;

import java.text.BreakIterator;
import java.util.Locale;

/** Text that is only shown, no longer than it may be. */
public final class Cut {

  /** Stands where something is missing. */
  public static final String MARK = "…";

  /** What is one character to a reader has rarely more code points than this. */
  private static final int LONGEST_CHARACTER = 32;

  private Cut() {}

  /**
   * The text, or its beginning and {@value #MARK}; never half of what a reader sees as one
   * character, as far as it is not absurdly long.
   *
   * @param longest code points of the result, at least one
   */
  public static String to(String text, int longest) {
    if (text.length() <= longest || text.codePointCount(0, text.length()) <= longest) {
      return text;
    }
    int most = text.offsetByCodePoints(0, longest - 1);
    return text.substring(0, border(text, most)) + MARK;
  }

  private static int border(String text, int most) {
    int from = Math.max(0, most - 2 * LONGEST_CHARACTER);
    int until = Math.min(text.length(), most + 2 * LONGEST_CHARACTER);
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text.substring(from, until));
    int border =
        characters.isBoundary(most - from) ? most - from : characters.preceding(most - from);
    return border <= 0 ? most : from + border;
  }
}
