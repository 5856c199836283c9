package sh.cinch.statusworker.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys that Bitbucket may know a status by: «at most 40 characters: shorter ones go as they
 * are, longer ones as a readable prefix, - and at least eight hex digits of a hash of the whole …
 * the first ref of a key on a commit holds the key as it is; every further one has a derived key, a
 * readable prefix, -, and 10 hex digits of SHA-256 over (key, NUL, ref)».
 */
final class Keys {

  static final int LONGEST = 40;

  private static final Pattern HASHED = Pattern.compile("(.*)-([0-9a-f]{8,})", Pattern.DOTALL);

  private Keys() {}

  static boolean isOfFirst(String shown, String key) {
    if (length(key) <= LONGEST) {
      return shown.equals(key);
    }
    Matcher parts = HASHED.matcher(shown);
    return isFitting(shown)
        && parts.matches()
        && isPrefix(parts.group(1), key)
        && sha256(key).startsWith(parts.group(2));
  }

  static boolean isOfFurther(String shown, String key, String ref) {
    Matcher parts = HASHED.matcher(shown);
    return isFitting(shown)
        && parts.matches()
        && isPrefix(parts.group(1), key)
        && sha256(key + "\0" + ref).substring(0, 10).equals(parts.group(2));
  }

  /** Cut between code points; a key that is shorter than what is left for it stands there whole. */
  private static boolean isPrefix(String prefix, String key) {
    return key.startsWith(prefix)
        && (prefix.length() == key.length()
            || !Character.isLowSurrogate(key.charAt(prefix.length())));
  }

  private static boolean isFitting(String shown) {
    return length(shown) <= LONGEST;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
