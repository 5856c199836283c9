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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
            "5 things are wrong",
            "CINCH_BASE_URL is 'cinch': an address such as",
            "CINCH_PORT is 'http': a port from 0 to 65535",
            "CINCH_KAKFA: no such setting; is it CINCH_KAFKA?",
            "CINCH_KAFKA is missing",
            "CINCH_SERVICE_SECRET is missing");
  }

  @Test
  void whereToListenIsAskedForWithTheChoices() {
    assertThatThrownBy(
            () -> Environment.read(Map.of(), environment -> environment.host("CINCH_HOST")))
        .hasMessageContaining(
            "CINCH_HOST is missing: where to listen, 127.0.0.1 for this machine alone or 0.0.0.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "::1", "fe80::1:2", "localhost", "a-b.example"})
  void whereToListenIsANameOrAnAddress(String host) {
    String read =
        Environment.read(Map.of("CINCH_HOST", host), environment -> environment.host("CINCH_HOST"));
    assertThat(read).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "127.0.0.1:8080", "http://localhost", "here and there"})
  void whereToListenIsNothingElse(String host) {
    assertThatThrownBy(
            () ->
                Environment.read(
                    Map.of("CINCH_HOST", host), environment -> environment.host("CINCH_HOST")))
        .hasMessageContaining("CINCH_HOST is '%s': a name or an address".formatted(host));
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
    assertThat(Environment.asked(config)).containsExactly(Map.entry("CINCH_KEYSET", true));
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
  void aTypoInAnOptionalSettingIsNamedWithTheOneThatWasMeant() {
    assertThatThrownBy(
            () ->
                Environment.read(
                    Map.of("CINCH_PROT", "80", "CINCH_RELEASES_UPLAODS_FILE", "uploads"),
                    environment ->
                        environment.port("CINCH_PORT", 8080)
                            + environment.count("CINCH_RELEASE_UPLOADS", 8)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "2 things are wrong",
            "CINCH_PROT: no such setting; is it CINCH_PORT?",
            "CINCH_RELEASES_UPLAODS_FILE: no such setting; is it CINCH_RELEASE_UPLOADS?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CINCH_SERVICE_SECRETS", // another process's, in a file of settings that all are given
        "CINCH_HOME", // like CINCH_PORT only at a distance: somebody's own
        "CINCH_LOG",
        "OTHER_PORT"
      })
  void whatIsNoTypoIsNobodysBusiness(String variable) {
    String read =
        Environment.read(
            Map.of(variable, "x"),
            environment ->
                environment.port("CINCH_PORT", 8080)
                    + environment.text("CINCH_SERVICE_SECRET", ""));
    assertThat(read).isEqualTo("8080");
  }

  @Test
  void besideTheSettingItselfAnotherNameIsNoTypo() {
    int port =
        Environment.read(
            Map.of("CINCH_PORT", "80", "CINCH_PORT2", "81"),
            environment -> environment.port("CINCH_PORT", 8080));
    assertThat(port).isEqualTo(80);
  }

  @Test
  void tellsWhatAConfigurationAsksForAndWhetherItMust() {
    assertThat(Environment.asked(Sample::from))
        .containsExactly(
            Map.entry("CINCH_BASE_URL", true),
            Map.entry("CINCH_KAFKA", true),
            Map.entry("CINCH_SERVICE_SECRET", true),
            Map.entry("CINCH_PORT", false));
  }
}
