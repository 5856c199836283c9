package sh.cinch.embedded;

import java.security.SecureRandom;
import java.util.Base64;

/** A password that nobody guesses, of characters that need no quotes anywhere. */
final class RandomPassword {

  private static final int BYTES = 24;

  private RandomPassword() {}

  static String make() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }
}
