package sh.cinch.local.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The folder a stack keeps its things in: keys, passwords, files, logs. Only its owner opens it. */
record Home(Path folder) {

  /** Made where it is missing, closed to others where an earlier stack left it open. */
  static Home in(Path folder) {
    try {
      Files.createDirectories(folder);
      if (isPosix()) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
      return new Home(folder);
    } catch (IOException e) {
      throw new IllegalStateException(
          "Cannot keep a stack in %s: it must be a folder of your own (%s)".formatted(folder, e), e);
    }
  }

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
    return isPosix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
