package sh.cinch.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import sh.cinch.local.stack.Stack;
import sh.cinch.local.stack.StackOptions;

/** One stack for all tests of a class, on free ports, in a folder of its own. */
final class TestStack {

  private TestStack() {}

  static Stack start(Path home) {
    return start(home, Map.of());
  }

  static Stack start(Path home, Map<String, String> environment) {
    return Stack.start(
        new StackOptions(home, false, true, false, environment, Duration.ZERO, line -> {}));
  }

  static Path home() {
    try {
      return Files.createTempDirectory("cinch-acceptance-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
