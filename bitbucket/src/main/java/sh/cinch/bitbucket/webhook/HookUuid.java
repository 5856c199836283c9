package sh.cinch.bitbucket.webhook;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A hook's identifier, always in braces and lower case: the API writes it in braces, the header
 * {@code X-Hook-UUID} without. It selects the secret and proves nothing by itself.
 */
public record HookUuid(String value) {
  private static final String FORM = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";

  /**
   * @throws IllegalArgumentException where the value is no UUID; {@link #parse} is for input
   */
  public HookUuid {
    String bare = bare(value);
    if (!isUuid(bare)) {
      throw new IllegalArgumentException("a hook's uuid looks like {8-4-4-4-12 hex digits}");
    }
    value = "{" + bare + "}";
  }

  /** Empty where the text is absent or no UUID, with or without braces. */
  public static Optional<HookUuid> parse(@Nullable String text) {
    return text != null && isUuid(bare(text)) ? Optional.of(new HookUuid(text)) : Optional.empty();
  }

  /** Asked of every delivery, and a tenth of what a pattern takes. */
  private static boolean isUuid(String bare) {
    boolean isOne = bare.length() == FORM.length();
    for (int i = 0; isOne && i < FORM.length(); i++) {
      char c = bare.charAt(i);
      isOne = FORM.charAt(i) == '-' ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
    return isOne;
  }

  private static String bare(String text) {
    boolean braced = text.startsWith("{") && text.endsWith("}") && text.length() > 2;
    return (braced ? text.substring(1, text.length() - 1) : text).toLowerCase(Locale.ROOT);
  }
}
