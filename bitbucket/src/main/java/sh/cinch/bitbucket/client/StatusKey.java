package sh.cinch.bitbucket.client;

/**
 * What tells a commit's statuses apart: a status posted under the same key overwrites.
 *
 * @param value at most {@link #LONGEST} code points
 */
public record StatusKey(String value) {
  /** Bitbucket answers 400 to more: "Ensure this value has at most 40 characters". */
  public static final int LONGEST = 40;

  /**
   * @throws IllegalArgumentException where the value is blank or too long
   */
  public StatusKey {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a status key must not be blank");
    }
    int length = value.codePointCount(0, value.length());
    if (length > LONGEST) {
      throw new IllegalArgumentException(
          "a status key has at most %d characters, not %d".formatted(LONGEST, length));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
