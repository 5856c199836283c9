package sh.cinch.benchmark.load;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes a request the next push to its branch, signed. What stands before the commits is hashed
 * once: making a push costs little beside sending it.
 */
final class NextPush {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int HEX_DIGITS = 12;

  private final byte[] request;
  private final Request.Push push;
  private final Branches branches;
  private final int oldAt;
  private final int newAt;
  private final int signatureAt;
  private final int changesFrom;
  private final Mac begun;

  NextPush(byte[] request, Request.Push push, Branches branches) {
    this.request = request;
    this.push = push;
    this.branches = branches;
    String text = new String(request, StandardCharsets.US_ASCII);
    this.oldAt = commitAt(text, Request.Push.OLD);
    this.newAt = commitAt(text, Request.Push.NEW);
    this.signatureAt = text.indexOf(Request.Push.SIGNATURE);
    this.changesFrom = Math.min(oldAt, newAt);
    int body = text.indexOf("\r\n\r\n") + 4;
    try {
      begun = Mac.getInstance(ALGORITHM);
      begun.init(new SecretKeySpec(push.secret().getBytes(StandardCharsets.UTF_8), ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no request can be signed", e);
    }
    begun.update(request, body, changesFrom - body);
  }

  private static int commitAt(String text, String commit) {
    return text.indexOf("\"hash\":\"" + commit)
        + "\"hash\":\"".length()
        + commit.length()
        - HEX_DIGITS;
  }

  void write() {
    long number = branches.next(push.branch());
    Message.putHex(request, oldAt, HEX_DIGITS, number - 1);
    Message.putHex(request, newAt, HEX_DIGITS, number);
    byte[] signature = HexFormat.of().formatHex(signature()).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(signature, 0, request, signatureAt, signature.length);
  }

  private byte[] signature() {
    try {
      Mac whole = (Mac) begun.clone();
      whole.update(request, changesFrom, request.length - changesFrom);
      return whole.doFinal();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("no request can be signed", e);
    }
  }
}
