package sh.cinch.embedded;

import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Both servers in containers, removed with all their data on close or when the JVM is gone. */
record ContainerServers(KafkaContainer broker, PostgreSQLContainer postgres) implements Servers {

  private static final String KAFKA_IMAGE = "apache/kafka:" + AppInfoParser.getVersion();
  private static final String POSTGRES_IMAGE = "postgres:17.6";

  static ContainerServers start(ServersConfig config) {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IllegalStateException(
          """
          Containers were asked for, but Docker does not answer. Start Docker, or leave \
          CINCH_SERVERS unset for embedded servers.\
          """);
    }
    config.progress().accept("starting " + KAFKA_IMAGE + " and " + POSTGRES_IMAGE + "…");
    var servers =
        new ContainerServers(
            new KafkaContainer(KAFKA_IMAGE)
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1"),
            new PostgreSQLContainer(POSTGRES_IMAGE));
    try {
      Startables.deepStart(servers.broker, servers.postgres).join();
    } catch (RuntimeException e) {
      servers.close();
      throw new IllegalStateException("The containers do not start", e);
    }
    config.progress().accept("containers are up: " + servers.kafka() + ", " + servers.database());
    return servers;
  }

  @Override
  public String kafka() {
    return broker.getBootstrapServers();
  }

  @Override
  public Database database() {
    return new Database(postgres.getJdbcUrl(), postgres.getUsername(), postgres.getPassword());
  }

  @Override
  public void close() {
    broker.stop();
    postgres.stop();
  }
}
