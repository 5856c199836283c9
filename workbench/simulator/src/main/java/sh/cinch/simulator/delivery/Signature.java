package sh.cinch.simulator.delivery;

import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/** The value of {@code X-Hub-Signature}: HMAC-SHA256 over the bytes as they are sent. */
final class Signature {
  private Signature() {}

  static String of(String secret, byte[] body) {
    return "sha256=" + new HmacUtils(HmacAlgorithms.HMAC_SHA_256, secret).hmacHex(body);
  }
}
