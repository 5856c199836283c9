package sh.cinch.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
  @TempDir private Path directory = Path.of("");

  private static Map<String, String> complete() {
    return new HashMap<>(
        Map.of(
            "CINCH_BITBUCKET_CLIENT_ID", "cinch",
            "CINCH_BITBUCKET_CLIENT_SECRET", "hush",
            "CINCH_BASE_URL", "http://localhost:8080/"));
  }

  @Test
  void defaultsAreAPortAndMemory() {
    SimulatorConfig config = Environment.read(complete());

    assertThat(config.port()).isEqualTo(8090);
    assertThat(config.stateFile()).isEmpty();
    assertThat(config.callback())
        .isEqualTo(URI.create("http://localhost:8080/auth/bitbucket/callback"));
    assertThat(config.toString()).doesNotContain("hush");
  }

  @Test
  void everySettingIsRead() {
    Map<String, String> variables = complete();
    variables.put("CINCH_HOST", "10.0.0.7");
    variables.put("CINCH_PORT", "0");
    variables.put("CINCH_STATE", "some/file.json");

    SimulatorConfig config = Environment.read(variables);

    assertThat(config.host()).isEqualTo("10.0.0.7");
    assertThat(config.port()).isZero();
    assertThat(config.stateFile()).isEqualTo(Optional.of(Path.of("some/file.json")));
  }

  @Test
  void secretMayStandInAFile() throws IOException {
    Map<String, String> variables = complete();
    variables.remove("CINCH_BITBUCKET_CLIENT_SECRET");
    Path file = Files.writeString(directory.resolve("secret"), "from file\n");
    variables.put("CINCH_BITBUCKET_CLIENT_SECRET_FILE", file.toString());

    assertThat(Environment.read(variables).clientSecret()).isEqualTo("from file");
  }

  @Test
  void everythingWrongIsNamedAtOnce() {
    assertThatThrownBy(
            () -> Environment.read(Map.of("CINCH_PORT", "many", "CINCH_BASE_URL", "localhost")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CINCH_PORT must be a number from 0 to 65535, but is many")
        .hasMessageContaining("CINCH_BASE_URL must be an address")
        .hasMessageContaining("CINCH_BITBUCKET_CLIENT_ID is missing")
        .hasMessageContaining("CINCH_BITBUCKET_CLIENT_SECRET is missing");
  }

  @Test
  void unreadableSecretFileIsNamed() {
    Map<String, String> variables = complete();
    variables.remove("CINCH_BITBUCKET_CLIENT_SECRET");
    variables.put("CINCH_BITBUCKET_CLIENT_SECRET_FILE", directory.resolve("none").toString());

    assertThatThrownBy(() -> Environment.read(variables))
        .hasMessageContaining("which cannot be read");
  }
}
