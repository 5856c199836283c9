package sh.cinch.simulator.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The repositories that are real, each in a folder that is called by its UUID. */
public final class GitRepositories implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GitRepositories.class);

  private final Path folder;
  private final boolean isTemporary;
  private final Map<String, GitRepository> open = new ConcurrentHashMap<>();

  private GitRepositories(Path folder, boolean isTemporary) {
    this.folder = folder;
    this.isTemporary = isTemporary;
  }

  /** Those that outlive the process. */
  public static GitRepositories in(Path folder) {
    try {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      return new GitRepositories(folder, false);
    } catch (IOException e) {
      throw new IllegalStateException("cannot keep repositories in " + folder, e);
    }
  }

  public static GitRepositories temporary() {
    try {
      return new GitRepositories(Files.createTempDirectory("bitbucket-git-"), true);
    } catch (IOException e) {
      throw new IllegalStateException("there is no place for temporary files", e);
    }
  }

  /**
   * Makes a repository real; one that is already stays as it is.
   *
   * @param uuid in braces
   */
  public void create(String uuid) {
    if (find(uuid).isEmpty()) {
      open.put(uuid, GitRepository.create(path(uuid)));
    }
  }

  /** Empty where the repository is not real. */
  public Optional<GitRepository> find(String uuid) {
    if (!Files.isDirectory(path(uuid))) {
      return Optional.empty();
    }
    return Optional.of(
        Objects.requireNonNull(
            open.computeIfAbsent(uuid, there -> GitRepository.open(path(there)))));
  }

  private Path path(String uuid) {
    return folder.resolve(uuid.substring(1, uuid.length() - 1) + ".git");
  }

  @Override
  public void close() {
    open.values().forEach(GitRepository::close);
    if (isTemporary) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(GitRepositories::remove);
      } catch (IOException | UncheckedIOException e) {
        log.warn("cannot remove {}", folder, e);
      }
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("cannot remove {}", file, e);
    }
  }
}
