package sh.cinch.service.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import sh.cinch.schema.topic.Topic;

/** Finds single records where they lie, one at a time; those who come meanwhile wait. Blocks. */
public final class RecordLookup implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(200);

  private final ReentrantLock turn = new ReentrantLock(true);
  private final Consumer<byte[], byte[]> reader;
  private volatile boolean isClosing;

  public RecordLookup(Kafka kafka) {
    this.reader = kafka.lookup();
  }

  /**
   * Empty where the topic does not have it, or not any more.
   *
   * @throws KafkaException where Kafka does not say within a few seconds
   */
  public Optional<Incoming> find(Topic<?> topic, int partition, long offset) {
    TopicPartition where = new TopicPartition(topic.name(), partition);
    turn.lock();
    try {
      if (isClosing) {
        throw new WakeupException();
      }
      return isThere(where, offset) ? read(where, offset) : Optional.empty();
    } finally {
      turn.unlock();
    }
  }

  private boolean isThere(TopicPartition where, long offset) {
    boolean isPartition =
        reader.partitionsFor(where.topic(), PATIENCE).stream()
            .anyMatch(info -> info.partition() == where.partition());
    if (!isPartition) {
      return false;
    }
    reader.assign(Set.of(where));
    return bound(reader.beginningOffsets(Set.of(where), PATIENCE), where) <= offset
        && offset < bound(reader.endOffsets(Set.of(where), PATIENCE), where);
  }

  private static long bound(Map<TopicPartition, Long> bounds, TopicPartition of) {
    return Objects.requireNonNull(bounds.get(of));
  }

  private Optional<Incoming> read(TopicPartition where, long offset) {
    reader.seek(where, offset);
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < patience) {
      List<ConsumerRecord<byte[], byte[]>> records = reader.poll(POLL).records(where);
      if (!records.isEmpty()) {
        // Compaction, or a transaction's end, may have left a gap.
        return Optional.of(records.getFirst())
            .filter(record -> record.offset() == offset)
            .map(Incoming::new);
      }
    }
    throw new TimeoutException(
        "no record of %s at %d within %s".formatted(where, offset, PATIENCE));
  }

  /** Whoever waits for a record gets none. */
  @Override
  public void close() {
    isClosing = true;
    reader.wakeup();
    turn.lock();
    try {
      reader.close();
    } finally {
      turn.unlock();
    }
  }
}
