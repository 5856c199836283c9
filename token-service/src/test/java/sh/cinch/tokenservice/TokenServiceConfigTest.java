package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.service.config.Environment;
import sh.cinch.service.config.Listen;
import sh.cinch.service.secret.Vault;

/** Settings, and what is said of wrong ones. */
class TokenServiceConfigTest {

  private static final Map<String, String> GOOD =
      Map.of(
          "CINCH_HOST", "0.0.0.0",
          "CINCH_MANAGEMENT_HOST", "10.0.0.7",
          "CINCH_KAFKA", "localhost:9092",
          "CINCH_DATABASE_URL", "jdbc:postgresql://localhost/cinch",
          "CINCH_BITBUCKET_CLIENT_ID", "key",
          "CINCH_BITBUCKET_CLIENT_SECRET", "the-client-secret",
          "CINCH_KEYSET", Vault.newKeyset().reveal(),
          "CINCH_SERVICE_SECRETS", Instance.CALLERS);

  @Test
  void whatIsLeftOutHasDefaults() {
    TokenServiceConfig config = Environment.read(GOOD, TokenServiceConfig::from);

    assertThat(config.listen()).isEqualTo(new Listen("0.0.0.0", 8081));
    assertThat(config.management()).isEqualTo(new Listen("10.0.0.7", 9081));
    assertThat(config.site().pages()).hasToString("https://bitbucket.org");
    assertThat(config.site().api()).hasToString("https://api.bitbucket.org");
  }

  @Test
  void everythingMissingIsNamedAtOnce() {
    assertThatThrownBy(() -> Environment.read(Map.of(), TokenServiceConfig::from))
        .hasMessageContainingAll(GOOD.keySet().toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hunter2hunter2hunter2                         | entry 1 is not NAME=SECRET
          ingress=hunter2hunter2hunter2,hunter2=x       | entry 2 is not NAME=SECRET
          ingress=hunter2                               | the secret of ingress has fewer than 16
          ingress=hunter2hunter2hunter2,ingress=hunter2hunter2hunter3 | ingress is there twice
          ingress=hunter2hunter2hunter2,status-worker=hunter2hunter2hunter2 | status-worker has the secret of another
          """)
  void malformedServiceSecretsAreNamedAndNotShown(String value, String problem) {
    Map<String, String> settings = new HashMap<>(GOOD);
    settings.put("CINCH_SERVICE_SECRETS", value);

    assertThatThrownBy(() -> Environment.read(settings, TokenServiceConfig::from))
        .hasMessageContaining("CINCH_SERVICE_SECRETS")
        .hasMessageContaining(problem)
        .extracting(Throwable::getMessage)
        .asString()
        .doesNotContain("hunter2");
  }

  @Test
  void itsTextHoldsNoSecret() {
    assertThat(Environment.read(GOOD, TokenServiceConfig::from).toString())
        .doesNotContain("the-client-secret", Instance.INGRESS);
  }
}
