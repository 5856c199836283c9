package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.config.Environment;
import sh.cinch.service.secret.Vault;

class IngressConfigTest {

  private static final Map<String, String> LEAST =
      Map.of(
          "CINCH_KAFKA", "localhost:9092",
          "CINCH_DATABASE_URL", "jdbc:postgresql://localhost/cinch",
          "CINCH_BITBUCKET_CLIENT_ID", "client",
          "CINCH_KEYSET", Vault.newKeyset().reveal(),
          "CINCH_SERVICE_SECRET", "own-secret");

  @Test
  void defaultsAreThoseOfTheRealBitbucket() {
    IngressConfig config = Environment.read(LEAST, IngressConfig::from);

    assertThat(config.port()).isEqualTo(8080);
    assertThat(config.managementPort()).isEqualTo(9080);
    assertThat(config.baseUrl()).isEqualTo(URI.create("http://localhost:8080"));
    assertThat(config.bitbucket())
        .isEqualTo(
            new IngressConfig.Bitbucket(
                URI.create("https://bitbucket.org"),
                URI.create("https://api.bitbucket.org"),
                "client"));
    assertThat(config.tokenService().url()).isEqualTo(URI.create("http://localhost:8081"));
    assertThat(config.apiToken()).isEmpty();
  }

  @Test
  void everyMissingSettingIsNamedAtOnce() {
    assertThatThrownBy(() -> Environment.read(Map.of(), IngressConfig::from))
        .isInstanceOf(ConfigurationException.class)
        .message()
        .contains(LEAST.keySet());
  }

  @Test
  void keysetThatIsNoneIsNotRepeated() {
    Map<String, String> settings = new HashMap<>(LEAST);
    settings.put("CINCH_KEYSET", "no-keyset-but-maybe-a-secret");

    assertThatThrownBy(() -> Environment.read(settings, IngressConfig::from))
        .message()
        .contains("CINCH_KEYSET")
        .doesNotContain("no-keyset");
  }

  @Test
  void settingsAreNotPrinted() {
    Map<String, String> settings = new HashMap<>(LEAST);
    settings.put("CINCH_API_TOKEN", "operators-own");

    assertThat(Environment.read(settings, IngressConfig::from).toString())
        .doesNotContain("own-secret")
        .doesNotContain("operators-own");
  }
}
