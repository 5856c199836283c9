package sh.cinch.ingress.git;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command, where this machine has it; else the test that needs it is skipped. */
record RealGit(int exit, String said) {

  static RealGit run(Path folder, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "GIT_TERMINAL_PROMPT", "0",
                "GIT_CONFIG_NOSYSTEM", "1",
                "GIT_CONFIG_GLOBAL", "/dev/null",
                "GIT_TRACE_CURL", "1",
                "GIT_TRACE_REDACT", "0"));
    Process process;
    try {
      process = builder.start();
    } catch (IOException absent) {
      assumeTrue(false, "git is not installed");
      throw absent;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new RealGit(process.waitFor(), said);
  }
}
