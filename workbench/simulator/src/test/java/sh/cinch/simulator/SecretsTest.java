package sh.cinch.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What searches all tests for secrets must find them. */
class SecretsTest {

  private static final String SECRET = "r-3f9b1c77d20e4a58-and-on-it-goes";

  private final Secrets secrets = new Secrets(List.of("another-one-of-those", SECRET));

  @Test
  void aSecretIsFoundWhereverItStands() {
    assertThat(secrets.in("{\"refresh\":\"" + SECRET + "\"}"))
        .singleElement()
        .satisfies(place -> assertThat(place).contains("refresh").doesNotContain(SECRET));
  }

  @Test
  void soIsOneThatIsCutOff() {
    assertThat(secrets.in("token=" + SECRET.substring(0, 20) + "…")).hasSize(1);
  }

  @Test
  void soIsOneInHexOrBase64() {
    byte[] bytes = SECRET.getBytes(UTF_8);

    assertThat(secrets.in("\\x" + HexFormat.of().formatHex(bytes))).hasSize(1);
    assertThat(secrets.in(Base64.getEncoder().encodeToString(bytes))).hasSize(1);
  }

  @Test
  void nothingElseIs() {
    assertThat(secrets.in("r-3f9b1c77d20e4 is no secret, nor is another one")).isEmpty();
  }
}
