package sh.cinch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir private Path directory = Path.of("");

  private static Process start(Map<String, String> environment) throws IOException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).start();
  }

  @Test
  void terminatedProcessSavesAndEndsCleanly() throws Exception {
    Path state = directory.resolve("state.json");
    Process process =
        start(
            Map.of(
                "CINCH_PORT", "0",
                "CINCH_BITBUCKET_CLIENT_ID", "cinch",
                "CINCH_BITBUCKET_CLIENT_SECRET", "hush",
                "CINCH_BASE_URL", "http://localhost:8080",
                "CINCH_STATE", state.toString()));
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(output.readLine()).startsWith("Simulated Bitbucket: http://localhost:");

      // not process.destroy(), which would close the output too
      process.toHandle().destroy();

      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("128 + SIGTERM").isEqualTo(143);
      assertThat(Files.readString(state)).contains("Ada Admin");
      assertThat(output.readLine()).isNull();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void misconfiguredProcessSaysWhatIsMissing() throws Exception {
    Process process = start(Map.of("CINCH_BASE_URL", "", "CINCH_BITBUCKET_CLIENT_ID", "cinch"));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(output)
        .contains("CINCH_BASE_URL is missing", "CINCH_BITBUCKET_CLIENT_SECRET is missing")
        .doesNotContain("CINCH_BITBUCKET_CLIENT_ID");
  }

  @Test
  void takenPortIsNamed() {
    try (var bitbucket = TestBitbucket.start()) {
      int problem =
          Main.run(
              Map.of(
                  "CINCH_PORT", String.valueOf(bitbucket.port()),
                  "CINCH_BITBUCKET_CLIENT_ID", "cinch",
                  "CINCH_BITBUCKET_CLIENT_SECRET", "hush",
                  "CINCH_BASE_URL", "http://localhost:8080"));

      assertThat(problem).isEqualTo(1);
    }
  }
}
