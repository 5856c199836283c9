package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.config.Environment;
import sh.cinch.service.config.Listen;

class StatusWorkerConfigTest {

  private static final Map<String, String> NEEDED =
      Map.of(
          "CINCH_MANAGEMENT_HOST", "10.0.0.7",
          "CINCH_KAFKA", "localhost:9092",
          "CINCH_DATABASE_URL", "jdbc:postgresql://localhost/cinch",
          "CINCH_TOKEN_SERVICE_URL", "http://localhost:8081",
          "CINCH_SERVICE_SECRET", "sesame");

  @Test
  void whatNeedNotBeSaidHasItsUsualValue() {
    StatusWorkerConfig config = Environment.read(NEEDED, StatusWorkerConfig::from);
    assertThat(config.management()).isEqualTo(new Listen("10.0.0.7", 9082));
    assertThat(config.bitbucket().pages()).isEqualTo(URI.create("https://bitbucket.org"));
    assertThat(config.bitbucket().api()).isEqualTo(URI.create("https://api.bitbucket.org"));
    assertThat(config.orphanedAfter()).isEqualTo(Duration.ofHours(24));
    assertThat(config.toString()).doesNotContain("sesame");
  }

  @Test
  void howLongABuildMayLeaveUsWithoutAWordCanBeSaid() {
    assertThat(with("CINCH_STATUS_ORPHAN_HOURS", "30").orphanedAfter())
        .isEqualTo(Duration.ofHours(30));
    assertThatThrownBy(() -> with("CINCH_STATUS_ORPHAN_HOURS", "0"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("CINCH_STATUS_ORPHAN_HOURS");
  }

  private static StatusWorkerConfig with(String setting, String value) {
    Map<String, String> settings = new HashMap<>(NEEDED);
    settings.put(setting, value);
    return Environment.read(settings, StatusWorkerConfig::from);
  }

  @Test
  void whatIsMissingIsNamedAllAtOnce() {
    assertThatThrownBy(() -> Environment.read(Map.of(), StatusWorkerConfig::from))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "CINCH_MANAGEMENT_HOST",
            "CINCH_KAFKA",
            "CINCH_DATABASE_URL",
            "CINCH_TOKEN_SERVICE_URL",
            "CINCH_SERVICE_SECRET");
  }
}
