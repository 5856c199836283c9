package sh.cinch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ServersTest {

  @TempDir Path directory;
  private final List<String> progress = new CopyOnWriteArrayList<>();

  private Servers start(boolean fresh, int kafkaPort, int postgresPort) {
    return Servers.start(
        new ServersConfig(
            ServersConfig.Choice.EMBEDDED,
            directory,
            fresh,
            kafkaPort,
            postgresPort,
            Duration.ZERO,
            progress::add));
  }

  @Test
  void whatWasThereIsThereAfterARestartForOneOwnerAtATime() throws Exception {
    Servers before = start(false, 0, 0);
    KafkaAccess kafka = before.kafka();
    Database database = before.database();
    String clusterId;
    try (before) {
      clusterId = new Kafka(kafka).clusterId();
      new Kafka(kafka).create("pushes");
      new Kafka(kafka).produce("pushes", "a push");
      new Sql(database).run("create table kept (text text); insert into kept values ('a row')");
    }

    try (Servers servers = start(false, 0, 0)) {
      // Closing a second time leaves alone whoever came after.
      before.close();
      assertThat(servers.kafka()).isEqualTo(kafka);
      assertThat(servers.database()).isEqualTo(database);
      assertThat(new Kafka(kafka).clusterId()).isEqualTo(clusterId);
      assertThat(new Kafka(kafka).consume("pushes", "readers")).containsExactly("a push");
      assertThat(new Sql(database).ask("select text from kept")).isEqualTo("a row");

      assertThatThrownBy(() -> start(false, 0, 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is in use")
          .hasMessageContaining(directory.toRealPath().toString())
          .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
      assertThat(new Kafka(kafka).topics()).contains("pushes");
      assertThat(new Sql(database).ask("select 1")).isEqualTo("1");
    }
  }

  @Test
  void freshServersAreEmptyAndKeptFromThenOnAndTakenPortsGiveWayToOthers() throws Exception {
    try (Servers servers = start(false, 0, 0)) {
      new Kafka(servers.kafka()).create("old");
      new Sql(servers.database()).run("create table old ()");
    }
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Servers servers = start(true, one.getLocalPort(), other.getLocalPort())) {
      assertThat(new Kafka(servers.kafka()).topics()).isEmpty();
      assertThat(new Sql(servers.database()).hasTable("old")).isFalse();
      new Sql(servers.database()).run("create table young ()");
      assertThat(progress)
          .contains("starting Kafka…", "starting PostgreSQL…")
          .anyMatch(
              line ->
                  line.matches(
                      "Kafka is up on .* instead of %d after .* s".formatted(one.getLocalPort())))
          .anyMatch(
              line ->
                  line.matches(
                      "PostgreSQL is up on .* instead of %d after .* s"
                          .formatted(other.getLocalPort())));
    }
    try (Postgres postgres = Postgres.kept(directory.resolve("postgres"), 0)) {
      assertThat(new Sql(postgres.database()).hasTable("young")).isTrue();
    }
  }

  @Test
  void whereOneCannotStartTheOtherIsStoppedAgain() throws Exception {
    try (Broker broker = Broker.kept(directory.resolve("kafka"), 0)) {
      assertThatThrownBy(() -> start(false, 0, 0)).hasMessageContaining("kafka is in use");
      assertThat(new Kafka(broker.access()).topics()).isEmpty();
    }
    assertThat(directory.resolve("postgres/data/PG_VERSION")).exists();
    assertThat(directory.resolve("postgres/data/postmaster.pid")).doesNotExist();
  }
}
