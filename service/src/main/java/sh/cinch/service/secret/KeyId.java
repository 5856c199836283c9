package sh.cinch.service.secret;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Names a key of a keyset; not secret. Tink writes it before each ciphertext, so that what is under
 * which key can be told from the first bytes, by SQL too.
 */
public record KeyId(int value) implements Comparable<KeyId> {

  /** How many bytes of a ciphertext say under which key it is. */
  public static final int PREFIX_BYTES = 5;

  private static final byte TINK = 1;

  /**
   * @throws IllegalArgumentException where this is no unsigned decimal number of 32 bits
   */
  public static KeyId parse(String text) {
    try {
      return new KeyId(Integer.parseUnsignedInt(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'%s' is not the id of a key: a number such as 2748153097 is expected".formatted(text));
    }
  }

  /** Empty where these are no bytes that a keyset of ours made. */
  public static Optional<KeyId> of(byte[] ciphertext) {
    return ciphertext.length >= PREFIX_BYTES && ciphertext[0] == TINK
        ? Optional.of(new KeyId(ByteBuffer.wrap(ciphertext, 1, Integer.BYTES).getInt()))
        : Optional.empty();
  }

  public byte[] prefix() {
    return ByteBuffer.allocate(PREFIX_BYTES).put(TINK).putInt(value).array();
  }

  @Override
  public int compareTo(KeyId other) {
    return Integer.compareUnsigned(value, other.value);
  }

  /** Unsigned and decimal, as in the keyset's JSON. */
  @Override
  public String toString() {
    return Integer.toUnsignedString(value);
  }
}
