package sh.cinch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerTest {

  @TempDir Path directory;

  @Test
  void committedOffsetsOutliveARestart() throws Exception {
    try (Broker broker = Broker.kept(directory, 0)) {
      Kafka kafka = new Kafka(broker.bootstrapServers());
      kafka.create("numbers");
      kafka.produce("numbers", "one");
      assertThat(kafka.consume("numbers", "readers")).containsExactly("one");
    }
    try (Broker broker = Broker.kept(directory, 0)) {
      Kafka kafka = new Kafka(broker.bootstrapServers());
      kafka.produce("numbers", "two");
      assertThat(kafka.consume("numbers", "readers")).containsExactly("two");
    }
  }

  @Test
  void unknownTopicIsNotMadeByWritingToIt() throws Exception {
    try (Broker broker = Broker.temporary()) {
      Map<String, Object> settings =
          Map.of("bootstrap.servers", broker.bootstrapServers(), "max.block.ms", 1000);
      try (var producer =
          new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
        var sent = producer.send(new ProducerRecord<>("misspelt", "value"));
        assertThatThrownBy(sent::get).hasCauseInstanceOf(TimeoutException.class);
      }
      assertThat(new Kafka(broker.bootstrapServers()).topics()).isEmpty();
    }
  }

  @Test
  void temporaryOneIsGoneWhenClosed() throws Exception {
    Path homes = OwnDirectory.named("temporary").resolve("kafka");
    List<Path> before = list(homes);
    try (Broker broker = Broker.temporary()) {
      assertThat(new Kafka(broker.bootstrapServers()).topics()).isEmpty();
      // Counting would not do: starting one also sweeps away what a killed process has left.
      assertThat(list(homes)).anyMatch(home -> !before.contains(home));
    }
    assertThat(before).containsAll(list(homes));
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
      assertThat(new Kafka(broker.bootstrapServers()).topics()).isEmpty();
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
