package sh.cinch.schema.status;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The keys that statuses have on a forge, where a key alone may tell them apart: no two statuses of
 * one commit share one.
 */
public final class StatusKey {

  /** Bitbucket answers 400 to more: "Ensure this value has at most 40 characters". */
  public static final int LONGEST = 40;

  private static final int DIGITS_OF_A_LONG_KEY = 12;
  private static final int DIGITS_OF_A_FURTHER_REF = 10;

  private StatusKey() {}

  /**
   * Of the first ref that a key is reported for: the key as it is, or where it is too long its
   * beginning, a dash and a hash of the whole.
   */
  public static String first(String key) {
    return length(key) <= LONGEST ? key : hashed(key, key, DIGITS_OF_A_LONG_KEY);
  }

  /** Of every further ref: the key's beginning, a dash and a hash of key and ref. */
  public static String further(String key, String ref) {
    return hashed(key, key + '\0' + ref, DIGITS_OF_A_FURTHER_REF);
  }

  private static String hashed(String key, String whole, int digits) {
    int kept = Math.min(length(key), LONGEST - digits - 1);
    return key.substring(0, key.offsetByCodePoints(0, kept))
        + "-"
        + sha256(whole).substring(0, digits);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
