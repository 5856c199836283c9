package sh.cinch.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.service.exit.LastResort;
import sh.cinch.testkit.ChildProcess;

/** A real process that cannot go on, started without the launcher's options. */
@Execution(ExecutionMode.CONCURRENT)
class EndingTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "while it starts",
        "in a thread",
        "in a loop",
        "in what a loop waits for",
        "on an event loop",
        "in a route"
      })
  void aProcessWithoutMemoryEndsAndSaysSo(String where) throws Exception {
    try (ChildProcess process = start(where)) {
      await().atMost(SOON).until(() -> !process.isAlive());

      assertThat(process.exitCode()).as(said()).isEqualTo(LastResort.OUT_OF_MEMORY);
      assertThat(said()).contains("This process is out of memory: Java heap space.");
    }
  }

  @Test
  void oneThatDoesNotCloseEndsAfterABound() throws Exception {
    try (ChildProcess process = start("stuck")) {
      await().atMost(SOON).until(() -> said().contains("service=test started"));
      process.terminate();
      await().atMost(SOON).until(() -> !process.isAlive());

      assertThat(process.exitCode()).as(said()).isEqualTo(LastResort.STUCK);
      assertThat(said()).contains("was asked to stop", "exit code 4");
    }
  }

  @Test
  void oneWhoseLauncherIsKilledClosesAndGoesWithIt() throws Exception {
    Process launcher =
        new ProcessBuilder(
                "sh",
                "-c",
                "\"$0\" -XX:TieredStopAtLevel=1 -cp \"$1\" \"$2\" supervised $$ >\"$3\" 2>&1; :",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                ChildProcess.classPath(),
                EndingProgram.class.getName(),
                log().toString())
            .start();
    try {
      await().atMost(SOON).until(() -> said().contains("service=test started"));
      ProcessHandle program = launcher.children().findFirst().orElseThrow();
      launcher.destroyForcibly();

      await().atMost(SOON).until(() -> isGone(program));
      assertThat(said()).contains("has lost the process that started it", "service=test stopping");
    } finally {
      launcher.descendants().forEach(ProcessHandle::destroyForcibly);
      launcher.destroyForcibly();
    }
  }

  /** Where process 1 reaps nobody a dead one stays listed, without a command. */
  private static boolean isGone(ProcessHandle program) {
    return !program.isAlive() || program.info().command().equals(Optional.empty());
  }

  private ChildProcess start(String how) {
    return ChildProcess.start(
        ChildProcess.classPath(),
        List.of(EndingProgram.class.getName(), how),
        Map.of(),
        folder,
        log().toFile(),
        List.of("-Xmx32m"));
  }

  private Path log() {
    return folder.resolve("said.log");
  }

  private String said() throws Exception {
    return Files.exists(log()) ? Files.readString(log()) : "";
  }
}
