package sh.cinch.cli.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** Whether somebody looks at what is written. */
final class StandardError {

  private static final Path STANDARD_ERROR = Path.of("/dev/fd/2");

  private StandardError() {}

  /** Whether lines on standard error may be drawn over. Picocli looks at NO_COLOR and its like. */
  static boolean isTerminal(Map<String, String> environment) {
    return Ansi.AUTO.enabled()
        && !environment.containsKey("CI")
        && !"dumb".equals(environment.get("TERM"))
        && errorIsOne();
  }

  /** It may be redirected where the other two are not. */
  private static boolean errorIsOne() {
    try {
      return !Files.exists(STANDARD_ERROR)
          || STANDARD_ERROR.toRealPath().toString().matches("/dev/(pts/.*|tty.*|console|fd/2)");
    } catch (IOException e) {
      return false;
    }
  }
}
