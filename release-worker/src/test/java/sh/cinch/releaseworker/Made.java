package sh.cinch.releaseworker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The files that come to be in some folders, also those that are gone again. */
final class Made implements AutoCloseable {

  private final WatchService watch;
  private final Map<WatchKey, Path> folders = new ConcurrentHashMap<>();

  Made(Path... folders) throws IOException {
    this.watch = folders[0].getFileSystem().newWatchService();
    for (Path folder : folders) {
      this.folders.put(folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE), folder);
    }
  }

  /** A folder counts for what lies in it. */
  List<Path> files() throws IOException {
    List<Path> found = new ArrayList<>();
    for (WatchKey key = watch.poll(); key != null; key = watch.poll()) {
      Path folder = folders.getOrDefault(key, Path.of("?"));
      for (WatchEvent<?> event : key.pollEvents()) {
        Path entry = folder.resolve(String.valueOf(event.context()));
        found.addAll(Files.isDirectory(entry) ? in(entry) : List.of(entry));
      }
      key.reset();
    }
    return found;
  }

  private static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> entries = Files.walk(folder)) {
      return entries.filter(Files::isRegularFile).toList();
    }
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}
