package sh.cinch.bitbucket.client;

import sh.cinch.bitbucket.WellFormed;

/** Shortens what Bitbucket says: never through a surrogate pair, and shows that it did. */
final class TextCut {
  private static final String ELLIPSIS = "…";

  private TextCut() {}

  /**
   * @param longest UTF-16 units of the result
   */
  static String to(int longest, String text) {
    String whole = WellFormed.text(text);
    if (whole.length() <= longest) {
      return whole;
    }
    int end = longest - ELLIPSIS.length();
    return whole.substring(0, Character.isHighSurrogate(whole.charAt(end - 1)) ? end - 1 : end)
        + ELLIPSIS;
  }
}
