package sh.cinch.releaseworker;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;

/** A file made up while it is read, the same each time, and never all of it in memory. */
final class Generated {

  private static final int PIECE = 64 * 1024;

  private final byte[] pattern;
  private final long size;

  Generated(int seed, long size) {
    this.pattern = Project.bytes(seed, PIECE);
    this.size = size;
  }

  long size() {
    return size;
  }

  /** Takes as long as making it up. */
  String sha256() {
    MessageDigest digest = DigestUtils.getSha256Digest();
    for (long at = 0; at < size; at += PIECE) {
      digest.update(piece(at));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** No faster than it is taken. */
  void answer(HttpServerResponse response) {
    response.putHeader("content-length", String.valueOf(size));
    write(response, 0);
  }

  private void write(HttpServerResponse response, long from) {
    for (long at = from; at < size && !response.closed(); at += PIECE) {
      if (response.writeQueueFull()) {
        long next = at;
        response.drainHandler(drained -> write(response, next));
        return;
      }
      response.write(Buffer.buffer(piece(at)));
    }
    if (!response.closed()) {
      response.end();
    }
  }

  /** None is like another. */
  private byte[] piece(long at) {
    byte[] piece = Arrays.copyOf(pattern, (int) Math.min(PIECE, size - at));
    if (piece.length >= Long.BYTES) {
      ByteBuffer bytes = ByteBuffer.wrap(piece);
      bytes.putLong(0, bytes.getLong(0) ^ at);
    }
    return piece;
  }
}
