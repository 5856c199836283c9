package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sh.cinch.releaseworker.send.LeastRate;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.config.Environment;
import sh.cinch.service.config.Listen;

class ReleaseWorkerConfigTest {

  private static final Map<String, String> NEEDED =
      Map.of(
          "CINCH_MANAGEMENT_HOST", "10.0.0.7",
          "CINCH_KAFKA", "localhost:9092",
          "CINCH_DATABASE_URL", "jdbc:postgresql://localhost:5432/cinch",
          "CINCH_TOKEN_SERVICE_URL", "http://token-service:8081",
          "CINCH_INGRESS_URL", "http://ingress:8080/",
          "CINCH_SERVICE_SECRET", "the release-worker's");

  @Test
  void theRestHasDefaults() {
    ReleaseWorkerConfig config = Environment.read(NEEDED, ReleaseWorkerConfig::from);

    assertThat(config.management()).isEqualTo(new Listen("10.0.0.7", 9083));
    assertThat(config.ingress()).isEqualTo(URI.create("http://ingress:8080"));
    assertThat(config.bitbucket().api()).isEqualTo(URI.create("https://api.bitbucket.org"));
    assertThat(config.largest()).isEqualTo(10L << 30);
    assertThat(config.uploads()).isEqualTo(8);
    assertThat(config.longest()).isEqualTo(Duration.ofHours(2));
    assertThat(config.least()).isEqualTo(new LeastRate(60 * 16 * 1024, Duration.ofMinutes(1)));
    assertThat(config.sources().hosts()).isEmpty();
    assertThat(config.toString()).doesNotContain("the release-worker's");
  }

  @Test
  void everyProblemIsNamedAtOnce() {
    assertThatThrownBy(() -> Environment.read(Map.of(), ReleaseWorkerConfig::from))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(NEEDED.keySet().toArray(String[]::new));
  }

  @Test
  void whatIsGivenIsTaken() {
    Map<String, String> given = new HashMap<>(NEEDED);
    given.put("CINCH_RELEASE_LARGEST_MIB", "2");
    given.put("CINCH_RELEASE_UPLOADS", "3");
    given.put("CINCH_RELEASE_MINUTES", "4");
    given.put("CINCH_RELEASE_LEAST_KIB", "0");

    ReleaseWorkerConfig config = Environment.read(given, ReleaseWorkerConfig::from);

    assertThat(config.largest()).isEqualTo(2L << 20);
    assertThat(config.uploads()).isEqualTo(3);
    assertThat(config.longest()).isEqualTo(Duration.ofMinutes(4));
    assertThat(config.least().bytes()).isZero();
  }
}
