package sh.cinch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.IngressConfig;
import sh.cinch.releaseworker.ReleaseWorkerConfig;
import sh.cinch.service.config.Environment;
import sh.cinch.statusworker.StatusWorkerConfig;
import sh.cinch.tokenservice.TokenServiceConfig;

/** The table of settings in the documentation is what the code asks for. */
class SettingsTest {

  private static final Pattern ROW = Pattern.compile("^\\| `(CINCH_[A-Z_]+)` \\|(.*)\\|$");

  private static final List<String> PROCESSES =
      List.of("ingress", "token-service", "status-worker", "release-worker");

  private static final Map<String, Function<Environment, ?>> CONFIGS =
      Map.of(
          "ingress", IngressConfig::from,
          "token-service", TokenServiceConfig::from,
          "status-worker", StatusWorkerConfig::from,
          "release-worker", ReleaseWorkerConfig::from);

  @Test
  void theTableHasEverySettingOfEveryProcess() throws IOException {
    Map<String, Set<String>> asked = new TreeMap<>();
    CONFIGS.forEach(
        (process, config) -> asked.put(process, new TreeSet<>(Environment.asked(config))));
    assertThat(documented()).isEqualTo(asked);
  }

  /** Columns of the table: setting, ingress, token-service, status-worker, release-worker, what. */
  private static Map<String, Set<String>> documented() throws IOException {
    Map<String, Set<String>> documented = new TreeMap<>();
    PROCESSES.forEach(process -> documented.put(process, new TreeSet<>()));
    for (String line : Files.readAllLines(Path.of("../../docs/settings.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        List<String> cells = List.of(row.group(2).split("\\|", -1));
        for (int i = 0; i < PROCESSES.size(); i++) {
          if (!cells.get(i).isBlank()) {
            Objects.requireNonNull(documented.get(PROCESSES.get(i))).add(row.group(1));
          }
        }
      }
    }
    return documented;
  }
}
