package sh.cinch.bitbucket;

/**
 * Text that every encoder takes. JSON can spell half a surrogate pair ({@code "\ud83d"}), and a
 * writer of UTF-8 refuses or mangles such text much later, where nobody can mend it.
 */
public final class WellFormed {
  private static final char REPLACEMENT = '\uFFFD';

  private WellFormed() {}

  /** The text with each lone surrogate replaced by U+FFFD; the same instance where none is. */
  public static String text(String text) {
    int first = loneSurrogate(text, 0);
    if (first < 0) {
      return text;
    }
    var mended = new StringBuilder(text);
    for (int at = first; at >= 0; at = loneSurrogate(mended, at + 1)) {
      mended.setCharAt(at, REPLACEMENT);
    }
    return mended.toString();
  }

  private static int loneSurrogate(CharSequence text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(Character.codePointAt(text, i))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}
