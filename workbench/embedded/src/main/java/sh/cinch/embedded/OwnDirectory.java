package sh.cinch.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where this user's unpacked programs and temporary servers lie, out of other users' reach. */
final class OwnDirectory {

  private OwnDirectory() {}

  /** A directory in the user's cache, or in the temporary directory where there is no home. */
  static Path named(String name) {
    Path home = Path.of(System.getProperty("user.home"));
    Path parent =
        Files.isWritable(home)
            ? home.resolve(".cache").resolve("cinch")
            : Path.of(System.getProperty("java.io.tmpdir"))
                .resolve("cinch-" + new UnixSystem().getUid());
    try {
      return Files.createDirectories(ownersOnly(parent).resolve(name)).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + parent, e);
    }
  }

  // What lies here is executed: in a shared /tmp somebody else may have made the directory first.
  private static Path ownersOnly(Path directory) throws IOException {
    var ownersOnly = PosixFilePermissions.fromString("rwx------");
    Files.createDirectories(directory.getParent());
    try {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(ownersOnly));
    } catch (FileAlreadyExistsException ours) {
      // Or not: that is looked at now.
    }
    Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    boolean own = ((Number) owner).longValue() == new UnixSystem().getUid();
    if (!own || !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalStateException(
          directory + " is not a directory of this user's own. Remove it and start again.");
    }
    Files.setPosixFilePermissions(directory, ownersOnly);
    return directory;
  }
}
