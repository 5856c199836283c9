package sh.cinch.benchmark.load;

import java.nio.ByteBuffer;

/** A request as one connection sends it, each time with another id in it. */
final class Message {

  private static final int HEX_DIGITS = 12;
  private static final int BEFORE_THEM = 24;

  private final ByteBuffer bytes;
  private final int idAt;

  /**
   * @param idAt where it begins; negative where there is none
   */
  Message(byte[] bytes, int idAt) {
    this.bytes = ByteBuffer.wrap(bytes);
    this.idAt = idAt;
  }

  /** For one connection alone. */
  Message copy() {
    return new Message(bytes.array().clone(), idAt);
  }

  ByteBuffer next(long number) {
    if (idAt >= 0) {
      long left = number;
      for (int i = HEX_DIGITS - 1; i >= 0; i--) {
        bytes.put(idAt + BEFORE_THEM + i, (byte) Character.forDigit((int) (left & 0xf), 16));
        left >>>= 4;
      }
    }
    return bytes.rewind();
  }
}
