package sh.cinch.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Both servers in containers, removed with all their data on close or when the JVM is gone. */
record ContainerServers(KafkaContainer broker, KafkaLogin login, PostgreSQLContainer postgres)
    implements Servers {

  /**
   * @param properties where a client finds it
   */
  record KafkaLogin(String user, String password, Path properties) {}

  private static final String KAFKA_IMAGE = "apache/kafka:" + AppInfoParser.getVersion();
  private static final String POSTGRES_IMAGE = "postgres:17.6";
  private static final String USER = "cinch";

  static ContainerServers start(ServersConfig config) {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IllegalStateException(
          """
          Containers were asked for, but Docker does not answer. Start Docker, or leave \
          CINCH_SERVERS unset for embedded servers.\
          """);
    }
    config.progress().accept("starting " + KAFKA_IMAGE + " and " + POSTGRES_IMAGE + "…");
    KafkaLogin login =
        new KafkaLogin(
            USER, RandomPassword.make(), folder(config.directory()).resolve("client.properties"));
    var servers =
        new ContainerServers(
            new KafkaContainer(KAFKA_IMAGE)
                .withEnv(asking(login))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1"),
            login,
            new PostgreSQLContainer(POSTGRES_IMAGE)
                .withUsername(USER)
                .withPassword(RandomPassword.make()));
    try {
      Startables.deepStart(servers.broker, servers.postgres).join();
    } catch (RuntimeException e) {
      servers.close();
      throw new IllegalStateException("The containers do not start", e);
    }
    KafkaAccess kafka = servers.kafka().write();
    config.progress().accept("containers are up: " + kafka + ", " + servers.database());
    return servers;
  }

  /** On every listener: this machine's people reach a container's other ports, too. */
  private static Map<String, String> asking(KafkaLogin login) {
    String jaas = BrokerSettings.jaas(login.user(), login.password());
    return Map.of(
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
        "PLAINTEXT:SASL_PLAINTEXT,BROKER:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
        "KAFKA_SASL_ENABLED_MECHANISMS",
        "PLAIN",
        "KAFKA_SASL_MECHANISM_INTER_BROKER_PROTOCOL",
        "PLAIN",
        "KAFKA_SASL_MECHANISM_CONTROLLER_PROTOCOL",
        "PLAIN",
        "KAFKA_LISTENER_NAME_PLAINTEXT_PLAIN_SASL_JAAS_CONFIG",
        jaas,
        "KAFKA_LISTENER_NAME_BROKER_PLAIN_SASL_JAAS_CONFIG",
        jaas,
        "KAFKA_LISTENER_NAME_CONTROLLER_PLAIN_SASL_JAAS_CONFIG",
        jaas);
  }

  private static Path folder(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + folder, e);
    }
  }

  @Override
  public KafkaAccess kafka() {
    return new KafkaAccess(
        broker.getBootstrapServers(), login.user(), login.password(), login.properties());
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
