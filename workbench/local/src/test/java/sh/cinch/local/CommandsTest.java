package sh.cinch.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sh.cinch.local.keyset.KeysetCommand;
import sh.cinch.local.stack.Stack;
import sh.cinch.local.stack.StackOptions;
import sh.cinch.service.secret.CiphertextLocation;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

class CommandsTest {

  @Test
  void keysetPrintsOneThatOpensWhatItSealed() {
    StringWriter out = new StringWriter();
    int code = new CommandLine(new KeysetCommand()).setOut(new PrintWriter(out)).execute();
    assertThat(code).isZero();
    Vault vault = Vault.open(Secret.of(out.toString().strip()));
    CiphertextLocation place = new CiphertextLocation("table", "row", "column");
    assertThat(vault.unseal(vault.seal(Secret.of("s"), place), place).reveal()).isEqualTo("s");
  }

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
