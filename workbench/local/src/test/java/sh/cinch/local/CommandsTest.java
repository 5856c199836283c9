package sh.cinch.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.local.stack.Stack;
import sh.cinch.local.stack.StackOptions;

class CommandsTest {

  @Test
  void upWithoutAClientSaysWhatToSetAndStartsNothing(@TempDir Path home) {
    Path untouched = home.resolve("home");
    StackOptions real =
        new StackOptions(untouched, false, false, false, Map.of(), Duration.ZERO, line -> {});
    assertThatThrownBy(() -> Stack.start(real))
        .hasMessageContainingAll("CINCH_BITBUCKET_CLIENT_ID", "CINCH_BASE_URL", "--simulator");
    assertThat(untouched).doesNotExist();
  }
}
