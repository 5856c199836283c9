package sh.cinch.local.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The folder a stack keeps its things in; what is written here only its owner reads. */
record Home(Path folder) {

  Path servers() {
    return folder.resolve("servers");
  }

  Path simulator() {
    return folder.resolve("simulator.json");
  }

  Path artifacts() {
    return folder.resolve("artifacts");
  }

  Path keys() {
    return folder.resolve("keys.properties");
  }

  Path stackFile() {
    return folder.resolve("stack.json");
  }

  /**
   * Everything but the servers' data, which they delete themselves, knowing that nobody runs there.
   */
  void forget() {
    try {
      for (Path file : List.of(simulator(), keys(), stackFile())) {
        Files.deleteIfExists(file);
      }
      if (Files.exists(artifacts())) {
        Folder.delete(artifacts());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whole or not at all, and never readable by others, not even for a moment. */
  static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path draft =
          Files.createTempFile(
              file.toAbsolutePath().getParent(),
              file.getFileName().toString(),
              ".tmp",
              ownersOnly());
      Files.writeString(draft, text);
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static FileAttribute<?>[] ownersOnly() {
    return java.nio.file.FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
