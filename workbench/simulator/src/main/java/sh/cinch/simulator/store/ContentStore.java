package sh.cinch.simulator.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.simulator.world.Content;

/**
 * Contents as files in one folder. Each has an id of its own and is never written again once it is
 * complete, so that whoever reads one reads all of it, whatever takes its place meanwhile.
 */
public final class ContentStore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ContentStore.class);

  private final Path folder;
  private final boolean isTemporary;
  private final Set<String> loose = ConcurrentHashMap.newKeySet();

  private ContentStore(Path folder, boolean isTemporary) {
    this.folder = folder;
    this.isTemporary = isTemporary;
  }

  /** One that outlives the process. */
  public static ContentStore in(Path folder) {
    try {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      return new ContentStore(folder, false);
    } catch (IOException e) {
      throw new IllegalStateException("cannot keep downloads in " + folder, e);
    }
  }

  public static ContentStore temporary() {
    try {
      return new ContentStore(Files.createTempDirectory("bitbucket-downloads-"), true);
    } catch (IOException e) {
      throw new IllegalStateException("there is no place for temporary files", e);
    }
  }

  /** A new id; what comes to be there is gone with {@link #drop} unless it is kept. */
  public String fresh() {
    String id = UUID.randomUUID().toString();
    loose.add(id);
    return id;
  }

  public Path path(String id) {
    return folder.resolve(id);
  }

  public void keep(Content content) {
    loose.remove(content.id());
  }

  /** Removes what nobody kept. */
  public void drop(Collection<Content> contents) {
    contents.stream().filter(content -> loose.remove(content.id())).forEach(this::remove);
  }

  /** Frees the space, in its own time: a large file takes long. */
  public void remove(Content content) {
    Thread.ofVirtual().name("remove").start(() -> remove(path(content.id())));
  }

  /** Empty where it is gone. */
  public Optional<FileChannel> open(Content content) {
    try {
      return Optional.of(FileChannel.open(path(content.id()), StandardOpenOption.READ));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  public boolean has(Content content) {
    return Files.exists(path(content.id()));
  }

  /** Removes what a process left behind that did not end cleanly. */
  public void keepOnly(Set<String> ids) {
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> !ids.contains(String.valueOf(file.getFileName())))
          .forEach(ContentStore::remove);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("cannot remove {}", file, e);
    }
  }

  @Override
  public void close() {
    if (isTemporary) {
      keepOnly(Set.of());
      remove(folder);
    }
  }
}
