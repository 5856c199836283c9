package sh.cinch.ingress.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import sh.cinch.service.Running;

/** Folders that are gone afterwards. */
public final class Folders {

  private Folders() {}

  public static Path temporary(Running running) {
    try {
      Path folder = Files.createTempDirectory("cinch-artifacts");
      running.with(() -> delete(folder));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
