package sh.cinch.schema.event;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.text.Cut;

/** Checks of single fields; the message of what they throw is what the sender reads. */
final class Field {

  private static final int COMMIT_DIGITS = 40;
  private static final int SHA256_DIGITS = 64;
  private static final String TAGS = "refs/tags/";
  private static final int REPLACEMENT = 0xfffd;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private Field() {}

  static <T> T required(@Nullable T value, String field) {
    if (value == null) {
      throw new IllegalArgumentException("field '" + field + "' is missing");
    }
    return value;
  }

  /** What names something: not blank, of characters that a line of text can have. */
  static String name(@Nullable String value, String field) {
    return name(value, field, Limits.NAME);
  }

  static String name(@Nullable String value, String field, int longest) {
    String name = required(value, field);
    if (name.isBlank()) {
      throw new IllegalArgumentException("field '" + field + "' is empty");
    }
    if (hasAny(name, Field::isNoCharacter)) {
      throw new IllegalArgumentException(
          "field '" + field + "' contains a character that no name can have");
    }
    return within(name, field, longest);
  }

  /** The same, or null where it is absent or blank. */
  static @Nullable String optionalName(@Nullable String value, String field) {
    return value == null || value.isBlank() ? null : name(value, field);
  }

  /** A sender's text for people: it may have lines and tabs, and no other control characters. */
  static String text(@Nullable String value, String field, int longest) {
    String text = required(value, field);
    if (hasAny(text, c -> isNoCharacter(c) && !isSpace(c))) {
      throw new IllegalArgumentException(
          "field '" + field + "' contains a control character other than tab and line break");
    }
    return within(text, field, longest);
  }

  static @Nullable String optionalText(@Nullable String value, String field, int longest) {
    return value == null ? null : text(value, field, longest);
  }

  /** Where something can be looked at; null where it is absent or blank. */
  static @Nullable String optionalAddress(@Nullable String value, String field) {
    return value == null || value.isBlank() ? null : name(value, field, Limits.ADDRESS);
  }

  static void uri(@Nullable String value, String field) {
    try {
      if (new URI(name(value, field, Limits.ADDRESS)).isAbsolute()) {
        return;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new IllegalArgumentException("field '" + field + "' is no address");
  }

  static @Nullable String optionalCommit(@Nullable String value, String field) {
    return value == null ? null : commit(value, field);
  }

  /** A text that is only shown, in one line: mended and cut, never refused. */
  static String shown(@Nullable String value, String field, int longest) {
    return Cut.to(mended(required(value, field), c -> isSpace(c) ? ' ' : REPLACEMENT), longest);
  }

  static @Nullable String optionalShown(@Nullable String value, int longest) {
    return value == null ? null : shown(value, "", longest);
  }

  /** The same, where lines stay lines. */
  static @Nullable String optionalParagraph(@Nullable String value, int longest) {
    return value == null ? null : Cut.to(mended(value, c -> isSpace(c) ? c : REPLACEMENT), longest);
  }

  static List<String> warnings(@Nullable List<String> warnings) {
    List<String> all = warnings == null ? List.of() : warnings;
    List<String> kept =
        new ArrayList<>(
            all.stream()
                .limit(Limits.WARNINGS)
                .map(one -> shown(one, "warnings", Limits.REASON))
                .toList());
    if (all.size() > Limits.WARNINGS) {
      kept.set(
          Limits.WARNINGS - 1, "and %d more warnings".formatted(all.size() - Limits.WARNINGS + 1));
    }
    return List.copyOf(kept);
  }

  /**
   * What a forge calls something, which is of use whole or not at all: null where it is no name.
   */
  static @Nullable String optionalId(@Nullable String value, int longest) {
    return value == null
            || value.isBlank()
            || hasAny(value, Field::isNoCharacter)
            || isLonger(value, longest)
        ? null
        : value;
  }

  private static String mended(String text, IntUnaryOperator mend) {
    return hasAny(text, Field::isNoCharacter)
        ? text.codePoints()
            .map(c -> isNoCharacter(c) ? mend.applyAsInt(c) : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
        : text;
  }

  /** Whole: what has no {@code refs/} is a branch's. Null where it is absent or blank. */
  static @Nullable String ref(@Nullable String value, String field) {
    if (value == null || value.isBlank()) {
      return null;
    }
    if (value.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "field '" + field + "' has a colon in it, which no ref of git has");
    }
    return name(value.startsWith("refs/") ? value : "refs/heads/" + value, field, Limits.REF);
  }

  /** The name of a tag, also where the whole ref was given. */
  static String tag(@Nullable String value, String field) {
    String given = required(value, field);
    String tag = given.startsWith(TAGS) ? given.substring(TAGS.length()) : given;
    if (tag.startsWith("refs/")) {
      throw new IllegalArgumentException(
          "field '%s' names no tag: v1.4.0 or refs/tags/v1.4.0 is expected".formatted(field));
    }
    if (tag.equals(".") || tag.equals("..")) {
      throw new IllegalArgumentException(
          "field '%s' is '%s': git knows no such tag".formatted(field, tag));
    }
    return name(tag, field, Limits.TAG);
  }

  /** In lower case, also where capitals came. */
  static String commit(@Nullable String value, String field) {
    String commit = required(value, field).toLowerCase(Locale.ROOT);
    if (!isHex(commit, COMMIT_DIGITS)) {
      throw new IllegalArgumentException(
          "field '" + field + "' is not a full commit hash (40 hex digits)");
    }
    return commit;
  }

  /** In lower case, also where capitals came. */
  static String sha256(@Nullable String value, String field) {
    String hash = required(value, field).toLowerCase(Locale.ROOT);
    if (!isHex(hash, SHA256_DIGITS)) {
      throw new IllegalArgumentException("field '" + field + "' is not a SHA-256 (64 hex digits)");
    }
    return hash;
  }

  /** A time that a person's calendar and a database have. */
  static void time(@Nullable Instant value, String field) {
    Instant time = required(value, field);
    if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
      throw new IllegalArgumentException("field '" + field + "' is outside the years 1970 to 9999");
    }
  }

  private static String within(String text, String field, int longest) {
    if (isLonger(text, longest)) {
      throw new IllegalArgumentException(
          "field '%s' is longer than %d characters".formatted(field, longest));
    }
    return text;
  }

  private static boolean isLonger(String text, int longest) {
    return text.length() > longest && text.codePointCount(0, text.length()) > longest;
  }

  /** In lower case. */
  private static boolean isHex(String text, int digits) {
    return text.length() == digits
        && !hasAny(text, c -> (c < '0' || c > '9') && (c < 'a' || c > 'f'));
  }

  /** Asked of every text of every event, and several times as fast as a stream or a pattern. */
  private static boolean hasAny(String text, IntPredicate what) {
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      if (what.test(c)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSpace(int c) {
    return c == '\t' || c == '\n' || c == '\r';
  }

  /** JSON can spell half of a surrogate pair, which no database takes. */
  private static boolean isNoCharacter(int c) {
    return Character.isISOControl(c)
        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
