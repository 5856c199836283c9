package sh.cinch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.ingress.IngressConfig;
import sh.cinch.releaseworker.ReleaseWorkerConfig;
import sh.cinch.service.config.Environment;
import sh.cinch.service.config.Settings;
import sh.cinch.statusworker.StatusWorkerConfig;
import sh.cinch.tokenservice.TokenServiceConfig;

/** The table of settings in the documentation is what the code asks for. */
class SettingsTest {

  private static final Pattern ROW = Pattern.compile("^\\| `(CINCH_[A-Z_]+)` \\|(.*)\\|$");

  /** In full: what ends in {@code _…} stands for several. */
  private static final Pattern NAME = Pattern.compile("`(CINCH_[A-Z_]+[A-Z])\\b");

  private static final Path SETTINGS = Path.of("../../docs/settings.md");

  /** The table's columns between the setting and what it is. */
  private static final List<String> COLUMNS =
      List.of("webhooks", "web", "projections", "token-service", "status-worker", "release-worker");

  private static final Map<String, Function<Environment, ?>> CONFIGS =
      Map.of(
          "token-service", TokenServiceConfig::from,
          "status-worker", StatusWorkerConfig::from,
          "release-worker", ReleaseWorkerConfig::from);

  @Test
  void theTableHasEverySettingOfEveryProcessAndWhetherItIsNeeded() throws IOException {
    Map<String, Map<String, Boolean>> documented = documented();
    CONFIGS.forEach(
        (process, config) ->
            assertThat(Environment.asked(config))
                .as(process)
                .containsExactlyInAnyOrderEntriesOf(documented.get(process)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhooks",
        "web",
        "projections",
        "webhooks,web",
        "webhooks,projections",
        "web,projections",
        "webhooks,web,projections"
      })
  void anIngressAsksForWhatItsRolesNeedAndNothingElse(String roles) throws IOException {
    Map<String, Map<String, Boolean>> documented = documented();
    Map<String, Boolean> needed = new TreeMap<>();
    for (String role : roles.split(",", -1)) {
      Objects.requireNonNull(documented.get(role))
          .forEach((name, isNeeded) -> needed.merge(name, isNeeded, Boolean::logicalOr));
    }
    assertThat(Environment.asked(Map.of("CINCH_ROLES", roles), IngressConfig::from))
        .containsExactlyInAnyOrderEntriesOf(needed);
  }

  @Test
  void anIngressHasAllRolesWhereNoneIsSaid() {
    assertThat(Environment.asked(IngressConfig::from))
        .isEqualTo(
            Environment.asked(
                Map.of("CINCH_ROLES", "webhooks,web,projections"), IngressConfig::from));
  }

  /** A variable that is none of these and looks like one is refused as a typo. */
  @Test
  void everySettingOfAnyProcessIsKnownToAll() throws IOException {
    assertThat(
            NAME.matcher(Files.readString(SETTINGS))
                .results()
                .map(name -> name.group(1))
                .filter(name -> !name.endsWith("_FILE")))
        .containsAll(Settings.ALL)
        .allSatisfy(name -> assertThat(Settings.ALL).contains(name));
  }

  private static Map<String, Map<String, Boolean>> documented() throws IOException {
    Map<String, Map<String, Boolean>> documented = new TreeMap<>();
    COLUMNS.forEach(column -> documented.put(column, new TreeMap<>()));
    for (String line : Files.readAllLines(SETTINGS)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        List<String> cells = List.of(row.group(2).split("\\|", -1));
        for (int i = 0; i < COLUMNS.size(); i++) {
          String cell = cells.get(i).strip();
          if (!cell.isEmpty()) {
            assertThat(cell).isIn("●", "○");
            Objects.requireNonNull(documented.get(COLUMNS.get(i)))
                .put(row.group(1), cell.equals("●"));
          }
        }
      }
    }
    return documented;
  }
}
