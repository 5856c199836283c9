package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.config.Environment;
import sh.cinch.service.config.Listen;

class StatusWorkerConfigTest {

  @Test
  void whatNeedNotBeSaidHasItsUsualValue() {
    StatusWorkerConfig config =
        Environment.read(
            Map.of(
                "CINCH_MANAGEMENT_HOST", "10.0.0.7",
                "CINCH_KAFKA", "localhost:9092",
                "CINCH_DATABASE_URL", "jdbc:postgresql://localhost/cinch",
                "CINCH_TOKEN_SERVICE_URL", "http://localhost:8081",
                "CINCH_SERVICE_SECRET", "sesame"),
            StatusWorkerConfig::from);
    assertThat(config.management()).isEqualTo(new Listen("10.0.0.7", 9082));
    assertThat(config.bitbucket().pages()).isEqualTo(URI.create("https://bitbucket.org"));
    assertThat(config.bitbucket().api()).isEqualTo(URI.create("https://api.bitbucket.org"));
    assertThat(config.toString()).doesNotContain("sesame");
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
