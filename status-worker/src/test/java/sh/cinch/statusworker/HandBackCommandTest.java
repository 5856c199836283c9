package sh.cinch.statusworker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sh.cinch.embedded.Database;
import sh.cinch.testkit.TestServers;

class HandBackCommandTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void needsTheDatabaseOnly() {
    Database database = TestServers.shared().freshDatabase();
    Map<String, String> settings =
        Map.of(
            "CINCH_DATABASE_URL",
            database.url(),
            "CINCH_DATABASE_USER",
            database.user(),
            "CINCH_DATABASE_PASSWORD",
            database.password());
    assertThat(run(settings, "hand-back")).isZero();
    assertThat(out.toString(UTF_8)).contains("handed back to release 0.1.0: 0 statuses");
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(run(Map.of(), "hand-back")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("CINCH_DATABASE_URL is missing");
    assertThat(run(Map.of(), "handback")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("Usage: cinch status-worker");
    assertThat(run(Map.of(), "--help")).isZero();
    assertThat(out.toString(UTF_8)).contains("before going back to release 0.1.0");
  }

  private int run(Map<String, String> environment, String... arguments) {
    return HandBackCommand.run(
        List.of(arguments), environment, new PrintStream(out), new PrintStream(err));
  }
}
