package sh.cinch.statusworker;

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

/** All that the status-worker has written to its topics. */
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

  /** What became of the states of a commit, in order. */
  List<Outcome> outcomes(String commit) {
    return outcomeRecords(commit).stream().map(PublishedOutcomes::outcome).toList();
  }

  List<ConsumerRecord<byte[], byte[]>> outcomeRecords(String commit) {
    return records.stream()
        .filter(record -> record.topic().equals(Topic.OUTCOME.name()))
        .filter(record -> commit.equals(outcome(record).commit()))
        .toList();
  }

  /** Dead letters under a record key. */
  List<ConsumerRecord<byte[], byte[]>> deadLetters(String key) {
    return records.stream()
        .filter(record -> record.topic().equals(Topic.DEAD_LETTER.name()))
        .filter(record -> key.equals(text(record.key())))
        .toList();
  }

  static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(header -> text(header.value()));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
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
