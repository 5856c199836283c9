package sh.cinch.cli.operator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import sh.cinch.service.secret.Keyset;
import sh.cinch.service.secret.Secret;

/**
 * The file that a keyset lies in. It is replaced whole or not at all, on the disk before it is in
 * its place, and for the same owner, group and permissions as before.
 */
final class StoredKeyset {

  private final Path file;
  private final Keyset keyset;

  private StoredKeyset(Path file, Keyset keyset) {
    this.file = file;
    this.keyset = keyset;
  }

  /**
   * @throws IllegalArgumentException where the file cannot be read or holds no keyset
   */
  static StoredKeyset read(Path file) {
    try {
      // A link, as container platforms make them, stays one.
      Path real = file.toRealPath();
      String text = Files.readString(real).strip();
      if (text.isEmpty()) {
        throw new IllegalArgumentException("not a Tink keyset for AEAD in JSON");
      }
      return new StoredKeyset(real, Keyset.parse(Secret.of(text)));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read the keyset in %s. A new one is made by: ./cinch keyset > FILE; chmod 600 FILE"
              .formatted(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s: %s. Nothing was changed.".formatted(file, e.getMessage()));
    }
  }

  Keyset keyset() {
    return keyset;
  }

  void replace(Keyset other) {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(draft);
      createForItsOwner(draft);
      try {
        write(draft, other.text());
        likeTheOld(draft);
        Files.move(
            draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "cannot replace %s (%s); it is as it was. Run this as the file's owner."
              .formatted(file, e.getMessage()));
    }
  }

  private void createForItsOwner(Path draft) throws IOException {
    if (isPosix(draft)) {
      Path unused =
          Files.createFile(
              draft,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Path unused = Files.createFile(draft);
    }
  }

  private static void write(Path draft, Secret text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((text.reveal() + "\n").getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        int unused = channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private void likeTheOld(Path draft) throws IOException {
    if (!isPosix(draft)) {
      return;
    }
    PosixFileAttributes old = Files.readAttributes(file, PosixFileAttributes.class);
    PosixFileAttributeView view = Files.getFileAttributeView(draft, PosixFileAttributeView.class);
    PosixFileAttributes made = view.readAttributes();
    if (!made.owner().equals(old.owner())) {
      view.setOwner(old.owner());
    }
    if (!made.group().equals(old.group())) {
      view.setGroup(old.group());
    }
    view.setPermissions(old.permissions());
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
