package sh.cinch.local.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import sh.cinch.cli.Main;
import sh.cinch.local.stack.Folder;

/**
 * What a build of a tag leaves behind, and how it is released: by the command, as a person would.
 */
final class Dist implements AutoCloseable {

  private static final Map<String, Integer> SIZES =
      Map.of("app-linux-amd64.tar.gz", 3_000_000, "app-windows-amd64.zip", 2_000_000);

  private final Path folder;
  private final Map<String, Forge.Stored> files = new TreeMap<>();

  private Dist(Path folder) {
    this.folder = folder;
  }

  static Dist make() {
    try {
      Dist dist = new Dist(Files.createTempDirectory("cinch-dist-"));
      Random random = new Random();
      for (Map.Entry<String, Integer> file : SIZES.entrySet()) {
        byte[] bytes = new byte[file.getValue()];
        random.nextBytes(bytes);
        Files.write(dist.folder.resolve(file.getKey()), bytes);
        dist.files.put(file.getKey(), new Forge.Stored(bytes.length, DigestUtils.sha256Hex(bytes)));
      }
      return dist;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Map<String, Forge.Stored> files() {
    return files;
  }

  /**
   * @return what the command said
   */
  List<String> release(Path stackFile, String repository, String tag) {
    StringWriter said = new StringWriter();
    StringWriter progress = new StringWriter();
    int exit =
        Main.run(
            new PrintWriter(said),
            new PrintWriter(progress),
            "release",
            "--stack",
            stackFile.toString(),
            "--repo",
            repository,
            "--tag",
            tag,
            folder.resolve("*").toString());
    if (exit != 0) {
      throw new Unexpected("cinch release ended with %d: %s".formatted(exit, progress));
    }
    return said.toString().lines().toList();
  }

  @Override
  public void close() {
    try {
      Folder.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
