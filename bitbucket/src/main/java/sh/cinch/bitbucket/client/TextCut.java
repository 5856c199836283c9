package sh.cinch.bitbucket.client;

import java.text.BreakIterator;
import java.util.Locale;
import sh.cinch.bitbucket.WellFormed;

/** Shortens text for people: never through a character as they see it, and shows that it did. */
final class TextCut {
  private static final String ELLIPSIS = "…";

  private TextCut() {}

  /**
   * Counts UTF-16 units, of which a text has at least as many as code points: what fits so fits
   * however Bitbucket counts.
   */
  static String to(int longest, String text) {
    String whole = WellFormed.text(text);
    if (whole.length() <= longest) {
      return whole;
    }
    int room = longest - ELLIPSIS.length();
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    // A window is enough, and keeps the cost independent of the text's length.
    characters.setText(whole.substring(0, Math.min(whole.length(), 2 * longest)));
    int end = characters.isBoundary(room) ? room : characters.preceding(room);
    return whole.substring(0, end > 0 ? end : betweenPairs(room, whole)) + ELLIPSIS;
  }

  /** For one endless "character" of combining marks, which fills all the room there is. */
  private static int betweenPairs(int at, String text) {
    return Character.isHighSurrogate(text.charAt(at - 1)) ? at - 1 : at;
  }
}
