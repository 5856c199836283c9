package sh.cinch.bitbucket.webhook;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A body as well-formed UTF-8 without a byte order mark. git takes commit messages in any encoding,
 * and a body that is signed may hold one as it is: bytes that are no UTF-8 get U+FFFD in their
 * place. A good body is looked over, eight bytes at once, and not copied.
 */
final class Utf8Body {
  private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
  private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;
  private static final BitSet NOWHERE = new BitSet();

  private final byte[] bytes;

  /** Where each replacement begins; one that was sent is not among them. */
  private final BitSet mended;

  private Utf8Body(byte[] bytes, BitSet mended) {
    this.bytes = bytes;
    this.mended = mended;
  }

  static Utf8Body of(byte[] body) {
    byte[] text = withoutMark(body);
    int malformed = firstMalformed(text, 0);
    return malformed == text.length ? new Utf8Body(text, NOWHERE) : mend(text, malformed);
  }

  byte[] bytes() {
    return bytes;
  }

  boolean isMended() {
    return !mended.isEmpty();
  }

  /** Whether anything between these two bytes is. */
  boolean isMended(long from, long to) {
    int first = mended.nextSetBit((int) from);
    return first >= 0 && first < to;
  }

  private static byte[] withoutMark(byte[] body) {
    boolean isMarked =
        body.length >= MARK.length && Arrays.equals(body, 0, MARK.length, MARK, 0, MARK.length);
    return isMarked ? Arrays.copyOfRange(body, MARK.length, body.length) : body;
  }

  private static Utf8Body mend(byte[] body, int first) {
    var whole = new ByteArrayOutputStream(body.length + REPLACEMENT.length);
    var mended = new BitSet();
    int from = 0;
    for (int at = first; at < body.length; at = firstMalformed(body, from)) {
      whole.write(body, from, at - from);
      mended.set(whole.size());
      whole.writeBytes(REPLACEMENT);
      from = at - sequence(body, at);
    }
    whole.write(body, from, body.length - from);
    return new Utf8Body(whole.toByteArray(), mended);
  }

  /** The body's length where the rest is well-formed. */
  private static int firstMalformed(byte[] body, int from) {
    int at = from;
    while (at < body.length) {
      if (at + Long.BYTES <= body.length && ((long) LONG.get(body, at) & NOT_ASCII) == 0) {
        at += Long.BYTES;
      } else {
        int length = sequence(body, at);
        if (length < 0) {
          return at;
        }
        at += length;
      }
    }
    return at;
  }

  /**
   * How many bytes the character has that begins here (Unicode's table 3-7); where they are none,
   * less than zero: how many of them one replacement stands for.
   */
  private static int sequence(byte[] body, int at) {
    int lead = body[at] & 0xff;
    int length = length(lead);
    int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    for (int i = 1; i < length; i++) {
      int next = at + i < body.length ? body[at + i] & 0xff : 0;
      if (next < least || next > most) {
        return -i;
      }
      least = 0x80;
      most = 0xbf;
    }
    return length;
  }

  /** As the first byte says; -1 where it can be none. */
  private static int length(int lead) {
    if (lead < 0x80) {
      return 1;
    }
    if (lead < 0xc2 || lead > 0xf4) {
      return -1;
    }
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  }
}
