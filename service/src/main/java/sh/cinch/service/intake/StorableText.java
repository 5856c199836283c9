package sh.cinch.service.intake;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Texts of others that name something, and so are stored, indexed and shown. */
public final class StorableText {

  /** What names something is stored and indexed. */
  private static final int LONGEST_NAME = 255;

  private StorableText() {}

  /** The same of what names something, where it is there. */
  public static Optional<String> objection(String what, @Nullable String name) {
    return name == null ? Optional.empty() : objection(what, name, LONGEST_NAME);
  }

  /**
   * Why a text cannot be stored, for the person who sent it; empty where it can.
   *
   * @param what of the record it is, {@code field 'key'}
   */
  public static Optional<String> objection(String what, String text, int longest) {
    if (text.length() > longest) {
      return Optional.of("%s is longer than %d characters".formatted(what, longest));
    }
    return text.codePoints().anyMatch(StorableText::isNoCharacter)
        ? Optional.of(what + " contains a character that no text can have")
        : Optional.empty();
  }

  /** JSON can spell half of a surrogate pair, which no database takes. */
  private static boolean isNoCharacter(int c) {
    return Character.isISOControl(c)
        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
