package sh.cinch.service.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Whether what is percent-coded is text. */
public final class PercentCoding {

  private static final int FIRST_PRINTABLE = 0x21;
  private static final int DELETE = 0x7f;
  private static final int HEX = 16;

  private PercentCoding() {}

  /** Nothing stands in it that is not printed, and all that is coded is UTF-8 without a NUL. */
  public static boolean isReadable(String text) {
    byte[] run = new byte[text.length()];
    int length = 0;
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '%') {
        int value = value(text, at);
        if (value <= 0) {
          return false;
        }
        run[length] = (byte) value;
        length++;
        at += 3;
      } else {
        if (c < FIRST_PRINTABLE || c == DELETE || !isText(run, length)) {
          return false;
        }
        length = 0;
        at++;
      }
    }
    return isText(run, length);
  }

  /** Of the byte that is coded here; negative where none is. */
  private static int value(String text, int at) {
    if (at + 2 >= text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at + 1), HEX);
    int low = Character.digit(text.charAt(at + 2), HEX);
    return high < 0 || low < 0 ? -1 : high * HEX + low;
  }

  private static boolean isText(byte[] run, int length) {
    try {
      return length == 0
          || StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(run, 0, length)).remaining()
              > 0;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
