package sh.cinch.simulator.store;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
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
    return new HmacUtils(HmacAlgorithms.HMAC_SHA_256, key)
        .hmacHex("%s\n%s\n%d".formatted(repository, name, end));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
