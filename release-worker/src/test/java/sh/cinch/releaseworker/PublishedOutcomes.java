package sh.cinch.releaseworker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Kafka;

/** All that the release-worker has written to its topics. */
final class PublishedOutcomes implements AutoCloseable {

  private final List<ConsumerRecord<byte[], byte[]>> records = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean open = true;

  PublishedOutcomes(Kafka kafka) {
    this.thread = Thread.ofVirtual().start(() -> read(kafka.reader()));
  }

  private void read(Consumer<byte[], byte[]> reader) {
    try (reader) {
      List<TopicPartition> partitions =
          Stream.of(Topic.OUTCOME, Topic.DEAD_LETTER)
              .flatMap(topic -> reader.partitionsFor(topic.name()).stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      reader.assign(partitions);
      reader.seekToBeginning(partitions);
      while (open) {
        reader.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
  }

  /** What became of the release that an event asked for, and of its files, in order. */
  List<Outcome> outcomes(String event) {
    return records.stream()
        .filter(record -> record.topic().equals(Topic.OUTCOME.name()))
        .map(PublishedOutcomes::outcome)
        .filter(outcome -> event.equals(outcome.causedBy()))
        .toList();
  }

  /** Why records of this key were put away. */
  List<String> deadLetters(String key) {
    return records.stream()
        .filter(record -> record.topic().equals(Topic.DEAD_LETTER.name()))
        .filter(record -> key.equals(new String(record.key(), StandardCharsets.UTF_8)))
        .map(record -> header(record, "cinch-dlq-reason").orElse(""))
        .toList();
  }

  private static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(header -> new String(header.value(), StandardCharsets.UTF_8));
  }

  private static Outcome outcome(ConsumerRecord<byte[], byte[]> record) {
    return switch (EventJson.read(record.value(), Outcome.class)) {
      case Reading.Good<Outcome>(Outcome outcome) -> outcome;
      case Reading.Bad<Outcome>(String reason) -> throw new AssertionError(reason);
    };
  }

  @Override
  public void close() throws InterruptedException {
    open = false;
    thread.join();
  }
}
