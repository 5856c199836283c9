package sh.cinch.ingress.git;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import sh.cinch.service.http.Problem;

/** A body that git has packed: it is passed on as it is, once it is known how much it holds. */
final class PackedBody {

  static final int MOST = 4 * 1024 * 1024;

  private static final int PIECE = 64 * 1024;

  private PackedBody() {}

  /**
   * @throws Problem 413 where it holds too much, 400 where it is not packed at all
   */
  static void check(Buffer packed) {
    try (InputStream unpacking =
        new GZIPInputStream(new ByteArrayInputStream(packed.getBytes()), PIECE)) {
      byte[] piece = new byte[PIECE];
      int all = 0;
      for (int some = unpacking.read(piece); some >= 0; some = unpacking.read(piece)) {
        all += some;
        if (all > MOST) {
          throw tooLarge();
        }
      }
    } catch (IOException e) {
      throw new Problem(400, "Malformed request", "The body is not packed as it says it is.");
    }
  }

  static Problem tooLarge() {
    return new Problem(
        413,
        "Too large",
        "A request of git has at most %d bytes here, unpacked. Fetch fewer refs at once."
            .formatted(MOST));
  }
}
