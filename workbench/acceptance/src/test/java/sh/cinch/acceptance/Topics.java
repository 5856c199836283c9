package sh.cinch.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import sh.cinch.schema.topic.Topic;

/** Everything that was ever on the topics, read as any program with the contract would. */
final class Topics implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String bootstrapServers;
  private final Map<String, KafkaConsumer<byte[], byte[]>> consumers = new HashMap<>();
  private final List<ConsumerRecord<byte[], byte[]>> seen = new ArrayList<>();

  Topics(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /** The records of one key, once there are so many of them; fails where they do not come. */
  synchronized List<ConsumerRecord<byte[], byte[]>> await(String topic, int count, String key) {
    KafkaConsumer<byte[], byte[]> consumer = consumers.computeIfAbsent(topic, this::open);
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (of(topic, key).size() < count) {
      if (System.nanoTime() > patience) {
        throw new AssertionError(
            "%d records of %s on %s, not %d".formatted(of(topic, key).size(), key, topic, count));
      }
      consumer.poll(Duration.ofMillis(100)).forEach(seen::add);
    }
    return of(topic, key);
  }

  /** Everything that is on all of Cinch's topics now. */
  synchronized List<ConsumerRecord<byte[], byte[]>> all() {
    Set<String> there =
        consumers.computeIfAbsent(Topic.PUSH.name(), this::open).listTopics().keySet();
    for (Topic<?> topic : Topic.ALL) {
      if (!there.contains(topic.name())) {
        continue;
      }
      KafkaConsumer<byte[], byte[]> consumer = consumers.computeIfAbsent(topic.name(), this::open);
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(seen::add);
      }
    }
    return List.copyOf(seen);
  }

  private List<ConsumerRecord<byte[], byte[]>> of(String topic, String key) {
    return seen.stream()
        .filter(record -> record.topic().equals(topic))
        .filter(record -> record.key() != null && new String(record.key(), UTF_8).equals(key))
        .toList();
  }

  private KafkaConsumer<byte[], byte[]> open(String topic) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList());
    return consumer;
  }

  @Override
  public void close() {
    consumers.values().forEach(KafkaConsumer::close);
  }
}
