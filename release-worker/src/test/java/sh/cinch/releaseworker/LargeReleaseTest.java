package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import sh.cinch.schema.event.Outcome;
import sh.cinch.testkit.ChildProcess;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Scale;
import sh.cinch.testkit.SimulatedBitbucket.StoredFile;

/** Files go through a worker of little memory and no disk, however large they are. */
@Execution(ExecutionMode.CONCURRENT)
class LargeReleaseTest {

  private static final long LARGE = Scale.of(64, 4096) * 1024L * 1024L;
  private static final int SMALL = Scale.of(12, 200);
  private static final int SMALL_BYTES = 200_000;

  /** Less than the large file. */
  private static final int HEAP_MIB = Scale.of(56, 256);

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** What a JVM writes for itself, and its log. */
  private static final long HARDLY_ANYTHING = 16 * 1024 * 1024;

  @Test
  void aWorkerOfLittleMemoryPassesItOn(@TempDir Path folder) throws IOException {
    Path log = folder.resolve("worker.log");
    Path working = Files.createDirectory(folder.resolve("working"));
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    try (Stack stack = Stack.idle();
        Made made = new Made(working, temporary);
        ChildProcess worker =
            stack.process(
                working,
                log,
                "-Xmx" + HEAP_MIB + "m",
                "-XX:TieredStopAtLevel=4",
                "-Djava.io.tmpdir=" + temporary)) {
      Project project = Project.connected(stack);
      Map<String, StoredFile> announced = new TreeMap<>();
      ObjectNode request = project.request();
      announce(stack, project, request, "large", new Generated(0, LARGE), announced);
      for (int i = 1; i <= SMALL; i++) {
        announce(stack, project, request, "small-" + i, new Generated(i, SMALL_BYTES), announced);
      }

      Instant asked = Instant.now();
      String event = project.ask(request);
      Outcome release = project.await(event, DELIVERED, PATIENCE);

      Map<String, StoredFile> there = project.downloads();
      assertThat(there).isEqualTo(announced);
      assertThat(made.files()).isEmpty();
      Optional<Long> written = worker.writtenToDisks();
      assertThat(written.orElse(0L)).isLessThan(HARDLY_ANYTHING);

      Duration took = Duration.between(asked, release.at());
      Duration small =
          Duration.between(
              asked,
              project.files(event).stream()
                  .filter(file -> !"large".equals(file.file()))
                  .map(Outcome::at)
                  .max(Instant::compareTo)
                  .orElseThrow());
      long bytes = announced.values().stream().mapToLong(StoredFile::size).sum();
      Proof.of("A release larger than memory")
          .that(
              "A release-worker process with -Xmx%dm, one file of %d MiB and %d of %d bytes beside"
                      .formatted(HEAP_MIB, LARGE >> 20, SMALL, SMALL_BYTES)
                  + " it in one release; sources, Bitbucket, broker and database on the same"
                  + " machine")
          .figure("outcome of the release", release.result().name().toLowerCase(Locale.ROOT))
          .figure(
              "files in Downloads whose size and SHA-256 are those announced",
              "%d of %d"
                  .formatted(
                      there.entrySet().stream().filter(announced.entrySet()::contains).count(),
                      announced.size()))
          .figure("seconds until all of it was told as delivered", seconds(took))
          .figure("seconds until the small ones were", seconds(small))
          .figure("MB/s", Math.round(bytes / 1e6 / (took.toMillis() / 1e3)))
          .figure("the process' most resident memory", megabytes(worker.peakResident()))
          .figure("files it made in its working and temporary folders", made.files().size())
          .figure("bytes that it wrote to disks", written.map(String::valueOf).orElse("not known"))
          .written();
    }
  }

  private static void announce(
      Stack stack,
      Project project,
      ObjectNode request,
      String name,
      Generated file,
      Map<String, StoredFile> announced) {
    String sha256 = file.sha256();
    FakeArtifactServer.Artifact artifact =
        stack.artifacts.lay(project.repository.id(), file::answer);
    project.with(request, name, file.size(), sha256, artifact.source());
    announced.put(name, new StoredFile(file.size(), sha256, 0));
  }

  private static String seconds(Duration duration) {
    return "%.1f".formatted(duration.toMillis() / 1e3);
  }

  private static String megabytes(Optional<Long> bytes) {
    return bytes.map(known -> "%d MB".formatted(Math.round(known / 1e6))).orElse("not known");
  }
}
