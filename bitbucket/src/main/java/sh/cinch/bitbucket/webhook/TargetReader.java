package sh.cinch.bitbucket.webhook;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the commit a ref points to. */
final class TargetReader {
  static final Target NONE = new Target(null, null, null);

  /** Stands for whatever is no text. */
  private static final String NOT_A_HASH = "";

  private static final Target NO_OBJECT = new Target(NOT_A_HASH, null, null);

  /** One byte more than a hash has, so that a longer one is not taken for one. */
  private static final int LONGEST_HASH = 41;

  private static final int LONGEST_AUTHOR = 1024;

  private TargetReader() {}

  /**
   * @param hash null where it is absent or null
   */
  record Target(@Nullable String hash, @Nullable String message, @Nullable String author) {}

  static Target read(BodyCursor cursor) throws IOException, OtherShapeException {
    if (!cursor.enterObjectIfAny()) {
      return cursor.isNull() ? NONE : NO_OBJECT;
    }
    String hash = null;
    boolean hasHash = false;
    String message = null;
    String author = null;
    for (String field = cursor.nextField(); field != null; field = cursor.nextField()) {
      switch (field) {
        case "hash" -> {
          cursor.once("target.hash", hasHash);
          hasHash = true;
          hash = hash(cursor);
        }
        case "message" -> message = cursor.text(PushPayload.LONGEST_MESSAGE);
        case "author" -> author = author(cursor);
        default -> cursor.skip();
      }
    }
    return new Target(hash, message, author);
  }

  private static @Nullable String hash(BodyCursor cursor) throws IOException {
    String hash = cursor.text(LONGEST_HASH);
    return hash == null && !cursor.isNull() ? NOT_A_HASH : hash;
  }

  private static @Nullable String author(BodyCursor cursor) throws IOException {
    if (!cursor.enterObjectIfAny()) {
      return null;
    }
    String raw = null;
    for (String field = cursor.nextField(); field != null; field = cursor.nextField()) {
      if (field.equals("raw")) {
        raw = cursor.text(LONGEST_AUTHOR);
      } else {
        cursor.skip();
      }
    }
    return raw;
  }
}
