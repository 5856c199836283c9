package sh.cinch.bitbucket.webhook;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A hook's identifier, always in braces and lower case: the API writes it in braces, the header
 * {@code X-Hook-UUID} without. It selects the secret and proves nothing by itself.
 */
public record HookUuid(String value) {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /**
   * @throws IllegalArgumentException where the value is no UUID; {@link #parse} is for input
   */
  public HookUuid {
    String bare = bare(value);
    if (!UUID.matcher(bare).matches()) {
      throw new IllegalArgumentException("a hook's uuid looks like {8-4-4-4-12 hex digits}");
    }
    value = "{" + bare + "}";
  }

  /** Empty where the text is absent or no UUID, with or without braces. */
  public static Optional<HookUuid> parse(@Nullable String text) {
    return text != null && UUID.matcher(bare(text)).matches()
        ? Optional.of(new HookUuid(text))
        : Optional.empty();
  }

  private static String bare(String text) {
    boolean braced = text.startsWith("{") && text.endsWith("}") && text.length() > 2;
    return (braced ? text.substring(1, text.length() - 1) : text).toLowerCase(Locale.ROOT);
  }
}
