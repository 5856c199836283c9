package sh.cinch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;

/** One of these runs, the other is skipped: it depends on whether Docker answers. */
class ContainerServersTest {

  private static final ServersConfig CONTAINERS =
      new ServersConfig(
          ServersConfig.Choice.CONTAINERS,
          Path.of("unused"),
          false,
          0,
          0,
          Duration.ZERO,
          line -> {});

  @Test
  void withoutDockerTheErrorSaysWhatToDo() {
    assumeFalse(dockerAnswers(), "Docker answers");

    assertThatThrownBy(() -> Servers.start(CONTAINERS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Start Docker, or leave CINCH_SERVERS unset");
  }

  @Test
  void withDockerBothServe() throws Exception {
    assumeTrue(dockerAnswers(), "Docker does not answer");

    try (Servers servers = Servers.start(CONTAINERS)) {
      Kafka kafka = new Kafka(servers.kafka());
      kafka.create("pushes");
      kafka.produce("pushes", "a push");
      assertThat(kafka.consume("pushes", "readers")).containsExactly("a push");
      assertThat(new Sql(servers.database()).ask("select 1")).isEqualTo("1");
    }
  }

  private static boolean dockerAnswers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }
}
