package sh.cinch.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.topic.Topic;

/** Everything on some topics, as any program with the contract reads it. */
public final class TopicReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final Consumer<byte[], byte[]> consumer;
  private final Set<String> topics;
  private final List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();

  /** Those who wait look many times a second at all there ever was: each is parsed once. */
  private final Map<ConsumerRecord<byte[], byte[]>, Object> parsed = new ConcurrentHashMap<>();

  public TopicReader(KafkaAccess kafka, Collection<? extends Topic<?>> topics) {
    this.topics = Set.copyOf(topics.stream().map(Topic::name).toList());
    this.consumer =
        new KafkaConsumer<>(
            // A broker answers one connection's requests in turn: what is fetched ahead would keep
            // the next question for the ends waiting, half a second each time.
            kafka.client(Map.of("auto.offset.reset", "earliest", "fetch.max.wait.ms", 5)),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** What is on them right now, oldest first within a partition. */
  public synchronized List<ConsumerRecord<byte[], byte[]>> records() {
    assign();
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer.poll(POLL).forEach(read::add);
    }
    return List.copyOf(read);
  }

  /** The same of one topic, under a key. */
  public List<ConsumerRecord<byte[], byte[]>> records(Topic<?> topic, String key) {
    return records(topic).stream()
        .filter(record -> record.key() != null && key.equals(text(record.key())))
        .toList();
  }

  public List<ConsumerRecord<byte[], byte[]>> records(Topic<?> topic) {
    return records().stream().filter(record -> record.topic().equals(topic.name())).toList();
  }

  public <T> List<T> events(Topic<T> topic) {
    return records(topic).stream().map(record -> parsed(record, topic)).toList();
  }

  /** What a record of this reader says. */
  public <T> T parsed(ConsumerRecord<byte[], byte[]> record, Topic<T> topic) {
    return topic.event().cast(parsed.computeIfAbsent(record, first -> event(first, topic)));
  }

  public static <T> T event(ConsumerRecord<byte[], byte[]> record, Topic<T> topic) {
    return switch (EventJson.read(record.value(), topic.event())) {
      case Reading.Good<T>(T event) -> event;
      case Reading.Bad<T>(String reason) -> throw new AssertionError(reason);
    };
  }

  public static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(header -> text(header.value()));
  }

  /** Topics that nobody has made yet are left for later. */
  private void assign() {
    if (consumer.assignment().stream().map(TopicPartition::topic).distinct().count()
        < topics.size()) {
      consumer.assign(
          consumer.listTopics().entrySet().stream()
              .filter(topic -> topics.contains(topic.getKey()))
              .flatMap(topic -> topic.getValue().stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList());
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void close() {
    consumer.close();
  }
}
