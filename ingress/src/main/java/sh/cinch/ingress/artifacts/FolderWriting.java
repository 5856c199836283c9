package sh.cinch.ingress.artifacts;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import org.apache.commons.codec.digest.DigestUtils;

/** Writes a partial file, hashing on the way, and gives it its name in the end. */
final class FolderWriting implements ArtifactStore.Writing {

  private static final int AT_ONCE = 1024 * 1024;

  private final FileChannel file;
  private final Path part;
  private final Path whole;
  private final MessageDigest digest;

  private FolderWriting(FileChannel file, Path part, Path whole, MessageDigest digest) {
    this.file = file;
    this.part = part;
    this.whole = whole;
    this.digest = digest;
  }

  static FolderWriting begin(Path part, Path whole) throws IOException {
    FileChannel file =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new FolderWriting(file, part, whole, DigestUtils.getSha256Digest());
  }

  /** In the file that is there: its beginning is read again, since it must be hashed. */
  static FolderWriting goOn(Path part, long from, Path whole, Runnable alive) throws IOException {
    FileChannel file = FileChannel.open(part, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      MessageDigest digest = DigestUtils.getSha256Digest();
      read(file, from, alive, digest::update);
      file.truncate(from);
      file.position(from);
      return new FolderWriting(file, part, whole, digest);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** In a file of its own: somebody may still write to the end of the other. */
  static FolderWriting copy(Path other, Path part, long from, Path whole, Runnable alive)
      throws IOException {
    FolderWriting writing = begin(part, whole);
    try (FileChannel source = FileChannel.open(other, StandardOpenOption.READ)) {
      read(source, from, alive, writing::put);
      return writing;
    } catch (IOException e) {
      writing.close();
      throw e;
    }
  }

  /** What is done with bytes. */
  private interface Taking {
    void take(ByteBuffer bytes) throws IOException;
  }

  @SuppressWarnings("ThreadPriorityCheck") // correct without; see below
  private static void read(FileChannel file, long length, Runnable alive, Taking taking)
      throws IOException {
    ByteBuffer some = ByteBuffer.allocate(AT_ONCE);
    long left = length;
    while (left > 0) {
      some.clear().limit((int) Math.min(left, AT_ONCE));
      int count = file.read(some, length - left);
      if (count < 0) {
        throw new EOFException("the partial file has become shorter");
      }
      taking.take(some.flip());
      left -= count;
      alive.run();
      Thread.yield(); // it may be gigabytes, and others want to go on
    }
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    put(ByteBuffer.wrap(bytes));
  }

  private void put(ByteBuffer bytes) throws IOException {
    digest.update(bytes.duplicate());
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      throw told(e);
    }
  }

  @Override
  public boolean finish(String sha256) throws IOException {
    if (!MessageDigest.isEqual(digest.digest(), HexFormat.of().parseHex(sha256))) {
      file.close();
      Files.deleteIfExists(part);
      return false;
    }
    try {
      file.force(true);
    } catch (IOException e) {
      throw told(e);
    }
    file.close();
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
    FolderStore.sync(Objects.requireNonNull(whole.getParent(), "it lies in a folder"));
    return true;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Java has no exception of its own for a full disk; the words are the system's. */
  static IOException told(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("No space left on device") || message.contains("quota exceeded")
        ? new NoSpaceException(message)
        : e;
  }
}
