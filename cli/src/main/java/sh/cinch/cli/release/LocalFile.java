package sh.cinch.cli.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.LongConsumer;
import org.apache.commons.codec.digest.DigestUtils;
import sh.cinch.cli.server.Refusal;
import sh.cinch.schema.text.Visible;

/**
 * A file as it was when it was hashed.
 *
 * @param content what it holds
 */
record LocalFile(Path path, FileTime modified, Content content) {

  /** Larger than a stream's own, so that hashing and not reading is what takes the time. */
  private static final int CHUNK = 256 * 1024;

  /**
   * What is sent to Cinch, whatever it is called.
   *
   * @param size in bytes
   * @param sha256 64 hex digits
   */
  record Content(long size, String sha256) {}

  /**
   * @param progress told how many bytes were read
   * @throws Refusal where it cannot be read, or is being written to
   */
  static LocalFile read(Path path, LongConsumer progress) {
    try {
      FileTime modified = Files.getLastModifiedTime(path);
      Content content = hash(path, progress);
      LocalFile file = new LocalFile(path, modified, content);
      file.requireUnchanged();
      return file;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  String name() {
    return path.getFileName().toString();
  }

  /** Cheap: by size and time. */
  void requireUnchanged() {
    try {
      if (Files.size(path) != content.size() || !Files.getLastModifiedTime(path).equals(modified)) {
        throw changed();
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** Thorough: by what it holds now. */
  void requireSameContent() {
    requireUnchanged();
    try {
      if (!hash(path, read -> {}).equals(content)) {
        throw changed();
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private Refusal changed() {
    return new Refusal(
        "%s changed while it was being sent. Release files once nothing writes to them any more, and run the same command again."
            .formatted(Visible.oneLine(path.toString())));
  }

  private static Refusal unreadable(Path path, IOException e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new Refusal(
        "%s cannot be read: %s".formatted(Visible.oneLine(path.toString()), Visible.oneLine(why)));
  }

  private static Content hash(Path path, LongConsumer progress) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      MessageDigest digest = DigestUtils.getSha256Digest();
      byte[] chunk = new byte[CHUNK];
      long size = 0;
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
        size += count;
        progress.accept(size);
      }
      return new Content(size, HexFormat.of().formatHex(digest.digest()));
    }
  }
}
