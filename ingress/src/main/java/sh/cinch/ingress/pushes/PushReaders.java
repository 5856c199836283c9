package sh.cinch.ingress.pushes;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import sh.cinch.service.http.Problem;
import sh.cinch.service.kafka.Kafka;

/** A few readers for those who are further behind than {@link PushTail} remembers; others wait. */
final class PushReaders implements AutoCloseable {

  private static final int MOST = 4;
  private static final Duration FOR_A_READER = Duration.ofSeconds(10);

  /** Then it is somebody else's turn. */
  private static final Duration TURN = Duration.ofSeconds(2);

  private static final int RECORDS_A_TURN = 5_000;
  private static final Duration POLL = Duration.ofMillis(100);

  private final Kafka kafka;
  private final PushTopic topic;
  private final Semaphore turns = new Semaphore(MOST, true);
  private final Deque<Consumer<byte[], byte[]>> idle = new ArrayDeque<>();
  private boolean isClosed;

  PushReaders(Kafka kafka, PushTopic topic) {
    this.kafka = kafka;
    this.topic = topic;
  }

  /**
   * Reads on from where a batch is, for a turn: to where the topic ends now, until the batch is
   * full, or not as far.
   *
   * @throws Problem 410 where something after the cursor is not kept any more, 503 where Kafka does
   *     not answer, or too many read
   */
  void read(Batch batch) {
    takeTurn();
    try {
      PushTopic.Layout layout = topic.layout();
      PushCursor unused = batch.next().in(layout);
      Consumer<byte[], byte[]> reader = reader();
      try {
        read(reader, batch.ends(layout.latest()), batch);
        reader.unsubscribe(); // and forget what was fetched ahead
        giveBack(reader);
      } catch (KafkaException e) {
        reader.close();
        throw PushTopic.notNow();
      }
    } finally {
      turns.release();
    }
  }

  private void takeTurn() {
    try {
      if (turns.tryAcquire(FOR_A_READER.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw PushTopic.notNow();
  }

  private synchronized Consumer<byte[], byte[]> reader() {
    return idle.isEmpty() ? kafka.lookup() : idle.pop();
  }

  private synchronized void giveBack(Consumer<byte[], byte[]> reader) {
    if (isClosed) {
      reader.close();
    } else {
      idle.push(reader);
    }
  }

  private void read(Consumer<byte[], byte[]> reader, List<Long> ends, Batch batch) {
    Map<TopicPartition, Long> behind = new HashMap<>();
    for (int i = 0; i < ends.size(); i++) {
      // Who is beyond the end waits there: seeking to it would lead to the beginning.
      if (batch.offset(i) < ends.get(i)) {
        behind.put(topic.partition(i), ends.get(i));
      }
    }
    reader.assign(behind.keySet());
    behind.keySet().forEach(each -> reader.seek(each, batch.offset(each.partition())));
    long end = System.nanoTime() + TURN.toNanos();
    int records = 0;
    while (!behind.isEmpty()
        && !batch.isFull()
        && records < RECORDS_A_TURN
        && System.nanoTime() - end < 0) {
      ConsumerRecords<byte[], byte[]> polled = reader.poll(POLL);
      records += polled.count();
      batch.read(byPartition(polled));
      if (!batch.isFull()) {
        reader
            .assignment()
            .forEach(each -> batch.reached(each.partition(), reader.position(each, POLL)));
      }
      behind
          .entrySet()
          .removeIf(each -> batch.offset(each.getKey().partition()) >= each.getValue());
    }
    batch.atEnd(behind.isEmpty() && !batch.isFull());
  }

  private static List<List<TopicRecord>> byPartition(ConsumerRecords<byte[], byte[]> polled) {
    List<List<TopicRecord>> all = new ArrayList<>();
    for (TopicPartition partition : polled.partitions()) {
      List<TopicRecord> records = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
        records.add(TopicRecord.of(record));
      }
      all.add(records);
    }
    return all;
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    idle.forEach(Consumer::close);
    idle.clear();
  }
}
