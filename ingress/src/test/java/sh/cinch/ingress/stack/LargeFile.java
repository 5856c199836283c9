package sh.cinch.ingress.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.codec.digest.DigestUtils;

/** Many bytes that are never in memory all at once; no two stretches of them are the same. */
public final class LargeFile {

  private final long size;
  private final long seed = System.nanoTime();
  private final String base64;

  public LargeFile(int mebibytes) {
    size = mebibytes * Stack.MIB;
    try (InputStream bytes = open()) {
      base64 = base64(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long size() {
    return size;
  }

  /** Its SHA-256. */
  public String base64() {
    return base64;
  }

  public BodyPublisher publisher() {
    return BodyPublishers.ofInputStream(this::open);
  }

  public static String base64(InputStream bytes) throws IOException {
    return Base64.getEncoder().encodeToString(DigestUtils.sha256(bytes));
  }

  public InputStream open() {
    AtomicLong at = new AtomicLong();
    return new InputStream() {
      @Override
      public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) {
        int count = (int) Math.min(length, size - at.get());
        if (count == 0) {
          return length == 0 ? 0 : -1;
        }
        for (int i = 0; i < count; i++) {
          long place = at.getAndIncrement();
          into[offset + i] = (byte) ((seed + (place >> 3)) >> (8 * (place & 7)));
        }
        return count;
      }
    };
  }
}
