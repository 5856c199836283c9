package sh.cinch.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A server's own directory, which nobody else reads, held by one process at a time: its data, the
 * port it had last, its password, and whatever else it wants to leave beside those.
 */
final class Home implements AutoCloseable {

  private static final Duration STILL_BEING_MADE = Duration.ofMinutes(1);

  private enum Keeping {
    CONTINUE,
    START_ANEW,
    DELETE
  }

  private final Path directory;
  private final Keeping keeping;
  private final DirectoryLock lock;

  private Home(Path directory, Keeping keeping, DirectoryLock lock) {
    this.directory = directory;
    this.keeping = keeping;
    this.lock = lock;
  }

  /** What lies here is found again by the next one to open it. */
  static Home kept(Path directory) {
    return open(directory, Keeping.CONTINUE);
  }

  /** What lies here is deleted first, and then kept. */
  static Home fresh(Path directory) {
    return open(directory, Keeping.START_ANEW);
  }

  private static Home open(Path directory, Keeping keeping) {
    try {
      Path real = Files.createDirectories(directory).toRealPath();
      // An older one lay open to everybody on this machine.
      Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwx------"));
      return new Home(real, keeping, DirectoryLock.take(real));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot use " + directory + " for a server's data", e);
    }
  }

  /** Deleted on close. */
  static Home temporary(String server) {
    try {
      Path directory = Files.createTempDirectory(temporaries(server), "").toRealPath();
      return new Home(directory, Keeping.DELETE, DirectoryLock.take(directory));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a temporary directory", e);
    }
  }

  /** Temporary homes whose process died before it could delete them. */
  static List<Home> abandoned(String server, Instant now) {
    try (Stream<Path> homes = Files.list(temporaries(server))) {
      return homes
          .filter(home -> lastTouched(home).isBefore(now.minus(STILL_BEING_MADE)))
          .flatMap(
              home ->
                  DirectoryLock.tryTake(home)
                      .map(lock -> new Home(home, Keeping.DELETE, lock))
                      .stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list temporary directories", e);
    }
  }

  private static Path temporaries(String server) throws IOException {
    return Files.createDirectories(OwnDirectory.named("temporary").resolve(server));
  }

  private static Instant lastTouched(Path home) {
    try {
      return Files.getLastModifiedTime(home).toInstant();
    } catch (IOException deletedMeanwhile) {
      return Instant.MAX;
    }
  }

  boolean isKept() {
    return keeping != Keeping.DELETE;
  }

  Path data() {
    return directory.resolve("data");
  }

  /** What opens the server: random, and the same as long as its data is kept. */
  String password() {
    Path file = file("password");
    try {
      if (keeping == Keeping.CONTINUE && Files.exists(file)) {
        return Files.readString(file).strip();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
    if (keeping == Keeping.START_ANEW) {
      write(unfinished(), ""); // the old data opens to the old password only
    }
    String password = RandomPassword.make();
    OwnersFile.write(file, password);
    return password;
  }

  /** Beside the data. */
  Path file(String name) {
    return directory.resolve(name);
  }

  /**
   * Called before a server makes its data or finds it, when no other runs on it any more. What a
   * killed one left half made is not data.
   */
  void begin() {
    boolean halfMade = Files.exists(unfinished());
    if (keeping == Keeping.START_ANEW || halfMade || !Files.exists(data())) {
      write(unfinished(), "");
      delete(data());
    }
  }

  /** Called once the server has its data complete. */
  void finished() {
    delete(unfinished());
  }

  private Path unfinished() {
    return directory.resolve("unfinished");
  }

  /**
   * The port to use: the one it had last, so that clients find it again, else the preferred one,
   * else any. A last port counts only for as long as the same port is preferred.
   */
  int port(int preferred) {
    int last = lastPort(preferred).orElse(0);
    int port = Ports.firstFree(last, preferred);
    write(portFile(preferred), Integer.toString(port));
    return port;
  }

  private Optional<Integer> lastPort(int preferred) {
    try {
      return Optional.of(Integer.valueOf(Files.readString(portFile(preferred)).strip()));
    } catch (NoSuchFileException | NumberFormatException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + portFile(preferred), e);
    }
  }

  private Path portFile(int preferred) {
    return directory.resolve("port." + preferred);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  private static void delete(Path tree) {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + tree, e);
    }
  }

  @Override
  public void close() {
    if (!isKept()) {
      delete(directory);
    }
    lock.close();
  }
}
