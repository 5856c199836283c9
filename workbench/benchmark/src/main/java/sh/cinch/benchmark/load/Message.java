package sh.cinch.benchmark.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A request as one connection sends it, each time with another id in it. */
final class Message {

  private static final int HEX_DIGITS = 12;
  private static final int BEFORE_THEM = 24;

  private final byte[] bytes;
  private final Optional<Request.Push> as;
  private final Branches branches;
  private final int idAt;
  private final Optional<NextPush> push;

  private Message(byte[] bytes, Optional<Request.Push> as, Branches branches) {
    this.bytes = bytes;
    this.as = as;
    this.branches = branches;
    this.idAt = new String(bytes, StandardCharsets.US_ASCII).indexOf(Request.ID);
    this.push = as.map(one -> new NextPush(bytes, one, branches));
  }

  /**
   * @param push where it is one, to one of these branches
   */
  static Message of(byte[] bytes, Optional<Request.Push> push, Branches branches) {
    return new Message(bytes, push, branches);
  }

  /** For one connection alone. */
  Message copy() {
    return new Message(bytes.clone(), as, branches);
  }

  ByteBuffer next(long number) {
    if (idAt >= 0) {
      putHex(bytes, idAt + BEFORE_THEM, HEX_DIGITS, number);
    }
    push.ifPresent(NextPush::write);
    return ByteBuffer.wrap(bytes);
  }

  static void putHex(byte[] bytes, int at, int digits, long number) {
    long left = number;
    for (int i = digits - 1; i >= 0; i--) {
      bytes[at + i] = (byte) Character.forDigit((int) (left & 0xf), 16);
      left >>>= 4;
    }
  }
}
