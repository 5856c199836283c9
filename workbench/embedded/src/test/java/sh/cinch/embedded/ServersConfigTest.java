package sh.cinch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.embedded.ServersConfig.Choice;

class ServersConfigTest {

  @Test
  void nothingAskedForMeansEmbedded() {
    assertThat(Choice.from(Map.of())).isEqualTo(Choice.EMBEDDED);
    assertThat(Choice.from(Map.of("CINCH_SERVERS", ""))).isEqualTo(Choice.EMBEDDED);
  }

  @Test
  void eitherIsTakenAtItsWord() {
    assertThat(Choice.from(Map.of("CINCH_SERVERS", "embedded"))).isEqualTo(Choice.EMBEDDED);
    assertThat(Choice.from(Map.of("CINCH_SERVERS", "containers"))).isEqualTo(Choice.CONTAINERS);
  }

  @Test
  void anythingElseIsRefusedWithWhatWouldDo() {
    assertThatThrownBy(() -> Choice.from(Map.of("CINCH_SERVERS", "docker")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "CINCH_SERVERS is \"docker\". Set it to embedded or containers, or leave it unset for"
                + " embedded.");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void portThatCannotBeIsRefusedByServerAndNumber(int port) {
    assertThatThrownBy(() -> config(port, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Kafka cannot listen on port " + port);
    assertThatThrownBy(() -> config(0, port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("PostgreSQL cannot listen on port " + port);
  }

  private static ServersConfig config(int kafkaPort, int postgresPort) {
    return new ServersConfig(
        Choice.EMBEDDED,
        Path.of("unused"),
        false,
        kafkaPort,
        postgresPort,
        Duration.ZERO,
        line -> {});
  }
}
