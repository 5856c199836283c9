package sh.cinch.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps a directory for one holder. The operating system lets go of it when the process dies. */
final class DirectoryLock implements AutoCloseable {

  // Closing any second channel of the file would silently drop the lock of the whole JVM, so this
  // JVM's own locks are known by name and their files never opened again.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * @param directory a real path
   * @throws IllegalStateException if somebody else holds it; the message names the process
   */
  static DirectoryLock take(Path directory) {
    return tryTake(directory)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    directory
                        + " is in use by "
                        + owner(directory)
                        + ". Stop that first, or choose another directory."));
  }

  static Optional<DirectoryLock> tryTake(Path directory) {
    if (!HELD_HERE.add(directory)) {
      return Optional.empty();
    }
    Optional<DirectoryLock> lock = Optional.empty();
    try {
      lock = lockFile(directory);
    } catch (NoSuchFileException deletedMeanwhile) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot lock " + directory + ": " + e, e);
    } finally {
      if (lock.isEmpty()) {
        HELD_HERE.remove(directory);
      }
    }
    return lock;
  }

  private static Optional<DirectoryLock> lockFile(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
      if (!locked) {
        return Optional.empty();
      }
      Files.writeString(directory.resolve("owner"), Long.toString(ProcessHandle.current().pid()));
      return Optional.of(new DirectoryLock(directory, channel));
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static String owner(Path directory) {
    if (HELD_HERE.contains(directory)) {
      return "this process (" + ProcessHandle.current().pid() + ")";
    }
    try {
      return "process " + Files.readString(directory.resolve("owner"));
    } catch (IOException justTaken) {
      return "another process";
    }
  }

  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unlock " + directory, e);
    } finally {
      HELD_HERE.remove(directory);
    }
  }
}
