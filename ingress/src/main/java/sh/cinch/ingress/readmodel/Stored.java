package sh.cinch.ingress.readmodel;

import org.jspecify.annotations.Nullable;

/** Others' texts as PostgreSQL takes them: without NUL, and short enough where they are keys. */
final class Stored {

  /** Keys of an index have 2,704 bytes of room, and a character takes three of them at most. */
  private static final int LONGEST_ID = 300;

  private static final int LONGEST_NAME = 500;

  private Stored() {}

  static boolean isId(@Nullable String id) {
    return id != null && id.length() <= LONGEST_ID && id.indexOf('\0') < 0;
  }

  static String name(String name) {
    return text(name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME));
  }

  static String text(String text) {
    return text.replace('\0', '\uFFFD');
  }
}
