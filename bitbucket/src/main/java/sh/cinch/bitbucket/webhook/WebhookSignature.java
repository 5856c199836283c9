package sh.cinch.bitbucket.webhook;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code X-Hub-Signature: sha256=<64 hex digits>}, an HMAC-SHA256 over the raw body. It
 * covers no header, and a captured body stays valid until the secret changes.
 */
public final class WebhookSignature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "sha256=";
  private static final int HEX_DIGITS = 64;

  /** Looking one up takes as long as hashing half a body; event loops have theirs for good. */
  private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(WebhookSignature::mac);

  private WebhookSignature() {}

  /** What became of a check. */
  public sealed interface Check {
    /**
     * @param keyIndex which of the keys signed: the first that fits
     */
    record Valid(int keyIndex) implements Check {}

    record Refused(Reason reason) implements Check {}
  }

  /** Why a delivery is not believed; few and fixed, so fit for a metric. */
  public enum Reason {
    /** No header: the hook has no secret, or it was not Bitbucket. */
    MISSING,
    /** Not {@code sha256=} and 64 hex digits. */
    MALFORMED,
    /** Signed with none of the keys. */
    MISMATCH
  }

  /** The header that says a body was signed with this key. */
  public static String of(byte[] rawBody, SecretKey key) {
    return PREFIX + HexFormat.of().formatHex(hmac(key, rawBody));
  }

  /**
   * Checks a body against every key a hook may be signed with just now: while a secret is being
   * replaced, these are two.
   */
  public static Check verify(@Nullable String header, byte[] rawBody, List<SecretKey> anyOf) {
    if (header == null || header.isEmpty()) {
      return new Check.Refused(Reason.MISSING);
    }
    Optional<byte[]> claimed = digest(header);
    if (claimed.isEmpty()) {
      return new Check.Refused(Reason.MALFORMED);
    }
    int match = -1;
    // Every key is tried, so that the time taken tells nothing about which one fitted.
    for (int i = anyOf.size() - 1; i >= 0; i--) {
      if (MessageDigest.isEqual(claimed.get(), hmac(anyOf.get(i), rawBody))) {
        match = i;
      }
    }
    return match < 0 ? new Check.Refused(Reason.MISMATCH) : new Check.Valid(match);
  }

  private static Optional<byte[]> digest(String header) {
    if (!header.startsWith(PREFIX) || header.length() != PREFIX.length() + HEX_DIGITS) {
      return Optional.empty();
    }
    for (int i = PREFIX.length(); i < header.length(); i++) {
      if (!HexFormat.isHexDigit(header.charAt(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(HexFormat.of().parseHex(header, PREFIX.length(), header.length()));
  }

  private static byte[] hmac(SecretKey key, byte[] body) {
    try {
      Mac mac = MAC.get();
      mac.init(key);
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("a webhook secret is not usable as an HMAC key", e);
    }
  }

  private static Mac mac() {
    try {
      return Mac.getInstance(ALGORITHM);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
