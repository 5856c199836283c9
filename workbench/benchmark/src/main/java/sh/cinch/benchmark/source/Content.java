package sh.cinch.benchmark.source;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.util.Random;
import java.util.UUID;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Bytes that are the same for everybody who knows how many there are: one block again and again.
 *
 * @param size in bytes
 */
public record Content(long size) {

  static final int PIECE = 64 * 1024;

  private static final int BLOCK = 16 * PIECE;
  private static final byte[] BYTES = new byte[BLOCK];

  static {
    new Random(1).nextBytes(BYTES);
  }

  /** The artifact that it is; the id says it all. */
  public UUID id() {
    return new UUID(0, size);
  }

  static Content of(UUID id) {
    return new Content(id.getLeastSignificantBits());
  }

  /** The next piece of it; what it is made of is not copied. */
  static Buffer piece(Buffer block, long at, long end) {
    int from = (int) (at % BLOCK);
    return block.slice(from, (int) Math.min(from + PIECE, from + end - at));
  }

  static Buffer block() {
    return Buffer.buffer(BYTES);
  }

  public String sha256() {
    MessageDigest digest = DigestUtils.getSha256Digest();
    for (long at = 0; at < size; at += BLOCK) {
      digest.update(BYTES, 0, (int) Math.min(BLOCK, size - at));
    }
    return Hex.encodeHexString(digest.digest());
  }
}
