package sh.cinch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerTest {

  @TempDir Path directory;

  @Test
  void committedOffsetsOutliveARestart() throws Exception {
    try (Broker broker = Broker.kept(directory, 0)) {
      Kafka kafka = new Kafka(broker.access());
      kafka.create("numbers");
      kafka.produce("numbers", "one");
      assertThat(kafka.consume("numbers", "readers")).containsExactly("one");
    }
    try (Broker broker = Broker.kept(directory, 0)) {
      Kafka kafka = new Kafka(broker.access());
      kafka.produce("numbers", "two");
      assertThat(kafka.consume("numbers", "readers")).containsExactly("two");
    }
  }

  @Test
  void temporaryOneAsksForThePasswordAndIsGoneWhenClosed() throws Exception {
    Path homes = OwnDirectory.named("temporary").resolve("kafka");
    List<Path> before = list(homes);
    try (Broker broker = Broker.temporary()) {
      // Counting would not do: starting one also sweeps away what a killed process has left.
      assertThat(list(homes)).anyMatch(home -> !before.contains(home));
      unknownTopicIsNotMadeByWritingToIt(broker.access());
      toolsOfKafkaAreToldByAFileThatOnlyItsOwnerReads(broker.access());
      nobodyWritesWithoutThePassword(broker.access());
    }
    assertThat(before).containsAll(list(homes));
  }

  private static void unknownTopicIsNotMadeByWritingToIt(KafkaAccess access) throws Exception {
    Map<String, Object> settings = access.client(Map.of("max.block.ms", 1000));
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      var sent = producer.send(new ProducerRecord<>("misspelt", "value"));
      assertThatThrownBy(sent::get).hasCauseInstanceOf(TimeoutException.class);
    }
    assertThat(new Kafka(access).topics()).isEmpty();
  }

  private void nobodyWritesWithoutThePassword(KafkaAccess right) throws Exception {
    new Kafka(right).create("pushes");

    assertThatThrownBy(
            () -> write(new KafkaAccess(right.bootstrapServers(), "cinch", "wrong", directory)))
        .hasCauseInstanceOf(SaslAuthenticationException.class);
    assertThatThrownBy(() -> write(new KafkaAccess(right.bootstrapServers(), "bo", "", directory)))
        .hasCauseInstanceOf(SaslAuthenticationException.class);
    assertThatThrownBy(() -> write(open(right))).hasCauseInstanceOf(TimeoutException.class);

    write(right);
    assertThat(new Kafka(right).consume("pushes", "readers")).containsExactly("a push");
  }

  private static void toolsOfKafkaAreToldByAFileThatOnlyItsOwnerReads(KafkaAccess access)
      throws Exception {
    Path file = access.properties();
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    Properties told = new Properties();
    told.load(Files.newBufferedReader(file));
    told.put("bootstrap.servers", access.bootstrapServers());
    try (Admin admin = Admin.create(told)) {
      assertThat(admin.listTopics().names().get()).isEmpty();
    }
  }

  @Test
  void recordsOfAReleaseWithoutPasswordsAreKeptBehindOne() throws Exception {
    try (Broker broker = Broker.kept(directory, 0)) {
      new Kafka(broker.access()).create("pushes");
      write(broker.access());
    }
    Path data = directory.resolve("data");
    Map<String, String> open =
        new HashMap<>(BrokerSettings.of(data, Ports.firstFree(), Ports.firstFree(), "x", "y"));
    open.keySet().removeIf(setting -> setting.contains("sasl"));
    open.put("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
    KafkaRaftServer earlier = new KafkaRaftServer(new KafkaConfig(open, false), Time.SYSTEM);
    earlier.startup();
    earlier.shutdown();
    Files.delete(directory.resolve("password"));

    try (Broker broker = Broker.kept(directory, 0)) {
      assertThat(new Kafka(broker.access()).consume("pushes", "readers")).containsExactly("a push");
      assertThatThrownBy(() -> write(open(broker.access())))
          .hasCauseInstanceOf(TimeoutException.class);
    }
  }

  /** As somebody without a name, whom the broker does not answer. */
  private static Map<String, ?> open(KafkaAccess access) {
    return Map.of("bootstrap.servers", access.bootstrapServers(), "max.block.ms", 1000);
  }

  private static void write(KafkaAccess access) throws Exception {
    write(access.client(Map.of()));
  }

  private static void write(Map<String, ?> client) throws Exception {
    Map<String, Object> settings = new HashMap<>(client);
    settings.putIfAbsent("max.block.ms", 3000);
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>("pushes", "a push")).get();
    }
  }

  @Test
  void refusalSaysWhereAndWhyAndFreesTheDirectory() throws Exception {
    Path data = Files.createDirectories(directory.resolve("data"));
    Path broken = Files.writeString(data.resolve("meta.properties"), "version=1\nnode.id=7\n");

    assertThatThrownBy(() -> Broker.kept(directory, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(data.toRealPath().toString())
        .hasMessageContaining("meta.properties");

    Files.delete(broken);
    Files.delete(data);
    try (Broker broker = Broker.kept(directory, 0)) {
      assertThat(new Kafka(broker.access()).topics()).isEmpty();
    }
  }

  private static List<Path> list(Path homes) throws Exception {
    if (!Files.exists(homes)) {
      return List.of();
    }
    try (var found = Files.list(homes)) {
      return found.toList();
    }
  }
}
