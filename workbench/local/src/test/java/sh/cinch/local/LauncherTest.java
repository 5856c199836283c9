package sh.cinch.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./cinch} with something else in the place of a JVM. */
class LauncherTest {

  private static final Path CINCH = Path.of("../../cinch").toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void whatIsOutOfMemoryIsStartedAgainAndForgetsNothingTwice() throws Exception {
    String twice =
        """
        program() {
          echo "$@" >> said
          [ "$(wc -l < said)" -ge 3 ] || return 3
        }
        again 0 5 600 program up --fresh --simulator
        """;
    Process process = bash(twice);

    assertThat(exitCode(process)).isZero();
    assertThat(said().lines())
        .containsExactly("up --fresh --simulator", "up --simulator", "up --simulator");
  }

  @Test
  void whatIsSoAgainAndAgainStaysDown() throws Exception {
    Process process =
        bash("program() { echo run >> said; return 3; }; again 0 2 600 program || exit $?");

    assertThat(exitCode(process)).isEqualTo(3);
    assertThat(said().lines()).hasSize(3);
    assertThat(process.errorReader().lines())
        .anyMatch(line -> line.contains("more than 2 times in 10 minutes"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4, 137, 143})
  void anyOtherEndIsTheEnd(int code) throws Exception {
    Process process =
        bash("program() { echo run >> said; return %d; }; again 0 5 600 program".formatted(code));

    assertThat(exitCode(process)).isEqualTo(code);
    assertThat(said().lines()).hasSize(1);
  }

  @Test
  void aSignalIsPassedOnAndIsTheEnd() throws Exception {
    Process process =
        bash(
            """
            program() {
              trap 'echo asked >> said; exit 3' TERM
              echo started >> said
              while :; do sleep 0.05; done
            }
            again 0 5 600 program
            """);
    await().until(() -> said().contains("started"));
    process.destroy();

    assertThat(exitCode(process)).isEqualTo(3);
    assertThat(said().lines()).containsExactly("started", "asked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "up",
        "ingress",
        "token-service",
        "status-worker",
        "release-worker",
        "simulator"
      })
  void whatRunsForLongEndsWhereItIsOutOfMemory(String command) throws Exception {
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho \"$@\" >> said\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"999\"\n");

    Process process = bash("build_if_needed() { :; }; CINCH_JAVA_HOME=$PWD/jdk; main " + command);

    assertThat(exitCode(process)).isZero();
    assertThat(said()).contains("-XX:+ExitOnOutOfMemoryError");
  }

  private Process bash(String program) throws IOException {
    return new ProcessBuilder(
            "bash", "-c", "cinch=$1; shift; . \"$cinch\"\n" + program, "test", CINCH.toString())
        .directory(folder.toFile())
        .start();
  }

  private static int exitCode(Process process) throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private String said() throws IOException {
    Path said = folder.resolve("said");
    return Files.exists(said) ? Files.readString(said) : "";
  }
}
