package sh.cinch.simulator.world;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;

/** New names for things: nobody else has them. */
public final class Fresh {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Fresh() {}

  /** A UUID in braces, as the API writes them. */
  public static String uuid() {
    return "{" + UUID.randomUUID() + "}";
  }

  /** A commit hash: 40 hex digits. */
  public static String hash() {
    return HexFormat.of().formatHex(bytes(20));
  }

  /** Nobody's guess; letters that need no encoding in a URL, a header or a form. */
  public static String token(int characters) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(bytes(characters))
        .substring(0, characters);
  }

  private static byte[] bytes(int count) {
    var bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
