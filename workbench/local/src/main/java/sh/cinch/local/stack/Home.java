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
import java.util.stream.Stream;

/**
 * The folder a stack keeps its things in: keys, passwords, files, logs. Only its owner opens it.
 */
record Home(Path folder) {

  /**
   * Made where it is missing, closed to others where an earlier stack left it open.
   *
   * @throws IllegalStateException where it is something else's folder, which stays as it is
   */
  static Home in(Path folder) {
    Home home = new Home(folder);
    try {
      Files.createDirectories(folder);
      if (!home.isOurs()) {
        throw new IllegalStateException(
            "%s holds other things than a stack. Choose a folder of its own for it."
                .formatted(folder));
      }
      if (isPosix()) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
      return home;
    } catch (IOException e) {
      throw new IllegalStateException("Cannot keep a stack in %s: %s".formatted(folder, e), e);
    }
  }

  private boolean isOurs() throws IOException {
    if (Files.exists(keys()) || Files.exists(servers())) {
      return true;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
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
