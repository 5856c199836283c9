package sh.cinch.simulator.store;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import sh.cinch.simulator.world.Fresh;

/** Links that need no credential: whoever holds one may read that file for ten minutes. */
final class SignedLinks {
  static final Duration VALID = Duration.ofMinutes(10);

  private final byte[] key = Fresh.token(32).getBytes(StandardCharsets.UTF_8);

  /** The path of a file and what proves that its reader was sent there. */
  String sign(String repository, String name, Instant now) {
    String path = "/" + encoded(repository) + "/" + encoded(name);
    long end = now.plus(VALID).getEpochSecond();
    return "%s?Expires=%d&Signature=%s".formatted(path, end, signature(repository, name, end));
  }

  boolean isValid(String repository, String name, String expires, String signature, Instant now) {
    if (!expires.matches("[0-9]{1,12}")) {
      return false;
    }
    long end = Long.parseLong(expires);
    return now.getEpochSecond() < end
        && MessageDigest.isEqual(
            signature(repository, name, end).getBytes(StandardCharsets.UTF_8),
            signature.getBytes(StandardCharsets.UTF_8));
  }

  private String signature(String repository, String name, long end) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      String signed = "%s\n%s\n%d".formatted(repository, name, end);
      return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
