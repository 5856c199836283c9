package sh.cinch.bitbucket.client;

import org.apache.commons.codec.digest.DigestUtils;
import sh.cinch.bitbucket.WellFormed;

/**
 * What tells a commit's statuses apart: a status posted under the same key overwrites.
 *
 * @param value at most {@link #LONGEST} code points
 */
public record StatusKey(String value) {
  /** Bitbucket answers 400 to more: "Ensure this value has at most 40 characters". */
  public static final int LONGEST = 40;

  private static final int HEX_DIGITS = 12;

  /**
   * @throws IllegalArgumentException where the value is blank or too long; {@link #of} shortens
   */
  public StatusKey {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a status key must not be blank");
    }
    if (length(value) > LONGEST) {
      throw new IllegalArgumentException(
          "a status key has at most %d characters, not %d".formatted(LONGEST, length(value)));
    }
  }

  /**
   * The key as it is, or where it is too long its beginning, a dash and a hash of the whole: always
   * the same for the same text, and different where only the ends differ.
   */
  public static StatusKey of(String text) {
    String whole = WellFormed.text(text);
    if (length(whole) <= LONGEST) {
      return new StatusKey(whole);
    }
    int kept = whole.offsetByCodePoints(0, LONGEST - HEX_DIGITS - 1);
    return new StatusKey(
        whole.substring(0, kept) + "-" + DigestUtils.sha256Hex(whole).substring(0, HEX_DIGITS));
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  @Override
  public String toString() {
    return value;
  }
}
