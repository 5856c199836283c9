package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.config.Environment;
import sh.cinch.service.secret.Vault;

class RolesTest {

  /** What is needed with any role. */
  private static final Map<String, String> LEAST =
      Map.of(
          "CINCH_HOST", "0.0.0.0",
          "CINCH_MANAGEMENT_HOST", "127.0.0.1",
          "CINCH_KAFKA", "localhost:9092",
          "CINCH_DATABASE_URL", "jdbc:postgresql://localhost/cinch",
          "CINCH_KEYSET", Vault.newKeyset().reveal());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web,projections",
        " Projections , WEB ",
        "web,,projections,",
        "web,projections,web"
      })
  void rolesAreAListHoweverItIsWritten(String list) {
    assertThat(roles(list)).containsExactlyInAnyOrder(Role.WEB, Role.PROJECTIONS);
  }

  @Test
  void anEmptyListIsNone() {
    assertThat(roles("  ")).isEqualTo(Role.ALL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "webhook  | 'webhook' is none of webhooks, web, projections; is it webhooks?",
        "wep      | 'wep' is none of webhooks, web, projections; is it web?",
        "banana   | 'banana' is none of webhooks, web, projections"
      })
  void aWrongWordIsTheOnlyProblem(String list, String problem) {
    Map<String, String> settings = new HashMap<>(LEAST);
    settings.put("CINCH_ROLES", "webhooks," + list);

    assertThatThrownBy(() -> Environment.read(settings, IngressConfig::from))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("Something is wrong with the settings:\n  - CINCH_ROLES: " + problem);
  }

  @Test
  void aListOfNothingIsRefused() {
    Map<String, String> settings = new HashMap<>(LEAST);
    settings.put("CINCH_ROLES", ",");

    assertThatThrownBy(() -> Environment.read(settings, IngressConfig::from))
        .hasMessage(
            "Something is wrong with the settings:\n  - CINCH_ROLES is ',': one of webhooks, web,"
                + " projections at least is expected, or nothing for all of them");
  }

  @Test
  void aTypoInItsNameIsNamed() {
    Map<String, String> settings = new HashMap<>(LEAST);
    settings.put("CINCH_ROLE", "webhooks");

    assertThatThrownBy(() -> Environment.read(settings, IngressConfig::from))
        .hasMessageContaining("CINCH_ROLE: no such setting; is it CINCH_ROLES?");
  }

  @Test
  void whatOnlyOtherRolesUseStopsNothing() {
    Map<String, String> settings = new HashMap<>(LEAST);
    settings.put("CINCH_ROLES", "webhooks");
    settings.put("CINCH_BASE_URL", "nowhere");
    settings.put("CINCH_TOKEN_SERVICE_URL", "nowhere");
    settings.put("CINCH_SERVICE_SECRETS", "no list");
    settings.put("CINCH_ARTIFACT_DAYS", "many");

    IngressConfig config = Environment.read(settings, IngressConfig::from);

    assertThat(config.stores()).isEmpty();
    assertThat(config.web()).isEmpty();

    settings.put("CINCH_ROLES", "projections");
    assertThatThrownBy(() -> Environment.read(settings, IngressConfig::from))
        .hasMessageContaining("CINCH_TOKEN_SERVICE_URL")
        .hasMessageContaining("CINCH_ARTIFACT_DAYS")
        .hasMessageContaining("CINCH_SERVICE_SECRET is missing")
        .hasMessageNotContaining("CINCH_SERVICE_SECRETS")
        .hasMessageNotContaining("CINCH_BASE_URL");
  }

  private static Set<Role> roles(String list) {
    Map<String, String> settings = new HashMap<>(LEAST);
    settings.put("CINCH_ROLES", list);
    settings.put("CINCH_SERVICE_SECRET", "own-secret");
    settings.put("CINCH_BITBUCKET_CLIENT_ID", "client");
    return Environment.read(settings, IngressConfig::from).roles();
  }
}
