package sh.cinch.schema.event;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of single fields; the message of what they throw is what the sender reads. */
final class Field {

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private Field() {}

  static <T> T required(@Nullable T value, String field) {
    if (value == null) {
      throw new IllegalArgumentException("field '" + field + "' is missing");
    }
    return value;
  }

  static String text(@Nullable String value, String field) {
    String text = required(value, field);
    if (text.isBlank()) {
      throw new IllegalArgumentException("field '" + field + "' is empty");
    }
    return text;
  }

  static String commit(@Nullable String value, String field) {
    String commit = required(value, field);
    if (!COMMIT.matcher(commit).matches()) {
      throw new IllegalArgumentException(
          "field '" + field + "' is not a full commit hash (40 lower-case hex digits)");
    }
    return commit;
  }

  static String sha256(@Nullable String value, String field) {
    String hash = required(value, field);
    if (!SHA256.matcher(hash).matches()) {
      throw new IllegalArgumentException(
          "field '" + field + "' is not a SHA-256 (64 lower-case hex digits)");
    }
    return hash;
  }
}
