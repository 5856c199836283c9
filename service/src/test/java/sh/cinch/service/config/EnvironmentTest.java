package sh.cinch.service.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

class EnvironmentTest {

  record Sample(URI base, String kafka, Secret secret, int port) {
    static Sample from(Environment environment) {
      return new Sample(
          environment.address("CINCH_BASE_URL"),
          environment.text("CINCH_KAFKA"),
          environment.secret("CINCH_SERVICE_SECRET"),
          environment.port("CINCH_PORT", 8080));
    }
  }

  @Test
  void readsWhatIsThereAndFillsInDefaults() {
    Sample sample =
        Environment.read(
            Map.of(
                "CINCH_BASE_URL", "https://cinch.example.com/",
                "CINCH_KAFKA", " localhost:9092 ",
                "CINCH_SERVICE_SECRET", "shh"),
            Sample::from);
    assertThat(sample)
        .isEqualTo(
            new Sample(
                URI.create("https://cinch.example.com"), "localhost:9092", Secret.of("shh"), 8080));
  }

  @Test
  void everyProblemIsNamedAtOnce() {
    assertThatThrownBy(
            () ->
                Environment.read(
                    Map.of("CINCH_BASE_URL", "cinch", "CINCH_PORT", "http", "CINCH_KAKFA", "x"),
                    Sample::from))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "4 things are wrong",
            "CINCH_BASE_URL is 'cinch': an address such as",
            "CINCH_PORT is 'http': a port from 0 to 65535",
            "CINCH_KAFKA is missing (CINCH_KAKFA is set: a typo?)",
            "CINCH_SERVICE_SECRET is missing");
  }

  @Test
  void aSecretMayLieInAFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), "from the file\n");
    Secret secret =
        Environment.read(
            Map.of("CINCH_SERVICE_SECRET_FILE", file.toString()),
            environment -> environment.secret("CINCH_SERVICE_SECRET"));
    assertThat(secret.reveal()).isEqualTo("from the file");
  }

  @Test
  void anUnreadableFileIsNamed() {
    assertThatThrownBy(
            () ->
                Environment.read(
                    Map.of("CINCH_SERVICE_SECRET_FILE", "/nowhere/secret"),
                    environment -> environment.secret("CINCH_SERVICE_SECRET")))
        .hasMessageContaining("CINCH_SERVICE_SECRET_FILE: cannot read the file /nowhere/secret");
  }

  @Test
  void aSecretThatIsLookedAtAgainIsGivenByItsFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), "from the file\n");
    Function<Environment, Optional<String>> config =
        environment ->
            environment.secret("CINCH_KEYSET", secret -> "directly", path -> "from " + path);

    assertThat(Environment.read(Map.of("CINCH_KEYSET_FILE", file.toString()), config))
        .contains("from " + file);
    assertThat(
            Environment.read(
                Map.of("CINCH_KEYSET_FILE", file.toString(), "CINCH_KEYSET", "x"), config))
        .contains("directly");
    assertThatThrownBy(() -> Environment.read(Map.of(), config))
        .hasMessageContaining("CINCH_KEYSET is missing");
    assertThat(Environment.asked(config)).containsExactly("CINCH_KEYSET");
  }

  @Test
  void aFileThatHoldsSomethingElseIsNamed() {
    assertThatThrownBy(
            () ->
                Environment.read(
                    Map.of("CINCH_KEYSET_FILE", "/nowhere/keyset"),
                    environment ->
                        environment.secret("CINCH_KEYSET", Vault::open, Vault::openFile)))
        .hasMessageContaining("CINCH_KEYSET_FILE: cannot read the file /nowhere/keyset");
  }

  @Test
  void aBadSecretIsNotRepeated() {
    assertThatThrownBy(
            () ->
                Environment.read(
                    Map.of("CINCH_KEYSET", "hunter2"),
                    environment -> environment.secret("CINCH_KEYSET", Vault::open)))
        .hasMessageContaining("CINCH_KEYSET: not a Tink keyset")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void tellsWhatAConfigurationAsksFor() {
    assertThat(Environment.asked(Sample::from))
        .containsExactly("CINCH_BASE_URL", "CINCH_KAFKA", "CINCH_SERVICE_SECRET", "CINCH_PORT");
  }
}
