package sh.cinch.bitbucket.webhook;

/** Cuts text by what it weighs in UTF-8, never through a character. */
final class Utf8Cut {
  private static final int MOST_BYTES_A_CHAR = 3;

  private Utf8Cut() {}

  /** The longest beginning of well-formed text that takes at most so many bytes. */
  static String to(int bytes, String text) {
    if (text.length() * MOST_BYTES_A_CHAR <= bytes) {
      return text;
    }
    int taken = 0;
    for (int at = 0; at < text.length(); ) {
      int codePoint = text.codePointAt(at);
      taken += width(codePoint);
      if (taken > bytes) {
        return text.substring(0, at);
      }
      at += Character.charCount(codePoint);
    }
    return text;
  }

  private static int width(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    if (codePoint < 0x800) {
      return 2;
    }
    return codePoint < 0x10000 ? 3 : 4;
  }
}
