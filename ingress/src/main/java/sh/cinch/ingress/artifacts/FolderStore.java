package sh.cinch.ingress.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sh.cinch.service.config.ConfigurationException;

/**
 * A folder, which instances on several machines share through a network file system. A whole file
 * is named {@code <id>}, a partial one {@code <id>.<claim>.part}; both lie in one of 256 folders.
 */
final class FolderStore implements ArtifactStore {

  private static final Pattern NAME =
      Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\\.[0-9]+\\.part)?");

  private final Path root;

  private FolderStore(Path root) {
    this.root = root;
  }

  /**
   * @throws ConfigurationException where nothing can be written there
   */
  static FolderStore open(Path root) {
    try {
      Files.createDirectories(root);
      Files.delete(Files.createTempFile(root, "writable", null));
      return new FolderStore(root);
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of(
              "%s: Cinch cannot write to %s (%s). Name a folder that it may write to, the same one"
                      .formatted(ArtifactSettings.FOLDER, root.toAbsolutePath(), reason(e))
                  + " for all instances of the ingress."));
    }
  }

  @Override
  public long partial(UUID id) throws IOException {
    Optional<Path> longest = longest(parts(id));
    return longest.isEmpty() ? 0 : Files.size(longest.get());
  }

  @Override
  public boolean has(UUID id, long size) throws IOException {
    try {
      return Files.size(whole(id)) == size;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public Writing write(Part part, Runnable alive) throws IOException {
    try {
      return begin(part, alive);
    } catch (IOException e) {
      throw FolderWriting.told(e);
    }
  }

  private Writing begin(Part part, Runnable alive) throws IOException {
    Files.createDirectories(folder(part.id()));
    List<Path> before = parts(part.id());
    Path own = folder(part.id()).resolve("%s.%d.part".formatted(part.id(), part.claim()));
    boolean copies = part.from() > 0 && !part.settled();
    checkSpace(copies ? part.size() : part.size() - part.from());
    if (part.from() > 0) {
      Path last = longest(before).orElseThrow(() -> new NoSuchFileException(own.toString()));
      if (!copies) {
        Files.move(last, own);
      }
      FolderWriting writing =
          copies
              ? FolderWriting.copy(last, own, part.from(), whole(part.id()), alive)
              : FolderWriting.goOn(own, part.from(), whole(part.id()), alive);
      return withoutOthers(writing, before, own);
    }
    return withoutOthers(FolderWriting.begin(own, whole(part.id())), before, own);
  }

  /** Whoever may still write to one of the others does so to a file without a name from now on. */
  private static Writing withoutOthers(FolderWriting writing, List<Path> others, Path own)
      throws IOException {
    try {
      for (Path other : others) {
        if (!other.equals(own)) {
          Files.deleteIfExists(other);
        }
      }
      return writing;
    } catch (IOException e) {
      writing.close();
      throw e;
    }
  }

  @Override
  public InputStream read(UUID id) throws IOException {
    return Files.newInputStream(whole(id), StandardOpenOption.READ);
  }

  @Override
  public void remove(UUID id) throws IOException {
    Files.deleteIfExists(whole(id));
    for (Path part : parts(id)) {
      Files.deleteIfExists(part);
    }
  }

  @Override
  public void removeStrays(Instant before, UnaryOperator<Set<UUID>> known) throws IOException {
    for (Path folder : list(root, "[0-9a-f][0-9a-f]")) {
      List<Path> old = new ArrayList<>();
      Set<UUID> ids = new HashSet<>();
      for (Path file : list(folder, "*")) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches() && lastTouched(file).isBefore(before)) {
          old.add(file);
          ids.add(UUID.fromString(name.group(1)));
        }
      }
      ids.removeAll(known.apply(Set.copyOf(ids)));
      for (Path file : old) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches() && ids.contains(UUID.fromString(name.group(1)))) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static Instant lastTouched(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.MAX; // removed meanwhile
    }
  }

  private void checkSpace(long needed) throws IOException {
    long free = Files.getFileStore(root).getUsableSpace();
    if (needed > free) {
      throw new NoSpaceException("%d bytes are needed, %d are free".formatted(needed, free));
    }
  }

  private List<Path> parts(UUID id) throws IOException {
    return list(folder(id), id + ".*.part");
  }

  private static List<Path> list(Path folder, String glob) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      List<Path> found = new ArrayList<>();
      files.forEach(found::add);
      return found;
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** Where a crash left several: the shorter ones are copies that were not made to the end. */
  private static Optional<Path> longest(List<Path> parts) {
    return parts.stream().max(Comparator.comparingLong(FolderStore::size));
  }

  private static long size(Path path) {
    try {
      return Files.size(path);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path whole(UUID id) {
    return folder(id).resolve(id.toString());
  }

  private Path folder(UUID id) {
    return root.resolve(id.toString().substring(0, 2));
  }

  /** Makes the names in a folder last. */
  static void sync(Path folder) throws IOException {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName();
  }
}
