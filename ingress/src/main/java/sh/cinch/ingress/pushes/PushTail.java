package sh.cinch.ingress.pushes;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.exit.LastResort;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.health.StuckWatch;
import sh.cinch.service.http.Problem;
import sh.cinch.service.kafka.Kafka;

/**
 * The end of the topic, read once for all who wait there: keeps the newest records in memory, and
 * wakes those who may see one.
 */
final class PushTail implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PushTail.class);
  private static final Duration POLL = Duration.ofMillis(200);

  /** How soon partitions that were added, or a topic that was made anew, are noticed. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  /** What is remembered of a partition: all records from one offset to before another. */
  private static final class Remembered {
    private final TreeMap<Long, TopicRecord> pushes = new TreeMap<>();
    private long from;
    private long to;

    Remembered(long offset) {
      from = offset;
      to = offset;
    }
  }

  private final PushTopic topic;
  private final Consumer<byte[], byte[]> reader;
  private final long most;
  private final Set<PushWait> waiting = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Remembered> partitions = new HashMap<>();
  private final Deque<TopicRecord> oldestFirst = new ArrayDeque<>();
  private long bytes;
  private String topicId = "";
  private long nextLook = System.nanoTime();
  private final StuckWatch stuck = new StuckWatch();
  private final Thread thread;
  private volatile boolean hasBegun;
  private volatile boolean open = true;

  private PushTail(PushTopic topic, Consumer<byte[], byte[]> reader, long most) {
    this.topic = topic;
    this.reader = reader;
    this.most = most;
    this.thread =
        Thread.ofVirtual()
            .name("pushes")
            .uncaughtExceptionHandler(LastResort.died(log, "reader"))
            .unstarted(this::run);
  }

  /**
   * Where Kafka is away, or the topic is missing, it begins once it is there.
   *
   * @param most how many bytes of records are remembered
   */
  static PushTail start(Kafka kafka, PushTopic topic, long most) {
    PushTail started = new PushTail(topic, kafka.reader(), most);
    started.thread.start();
    return started;
  }

  void with(PushWait wait) {
    waiting.add(wait);
  }

  void without(PushWait wait) {
    waiting.remove(wait);
  }

  int waiting() {
    return waiting.size();
  }

  /**
   * Reads on from where a batch is; false where not all that comes after it is remembered.
   *
   * @param latest where the topic ended when the caller asked
   */
  synchronized boolean read(Batch batch, List<Long> latest) {
    PushCursor from = batch.next();
    List<Long> ends = batch.ends(latest);
    if (!from.topicId().equals(topicId) || from.offsets().size() > partitions.size()) {
      return false;
    }
    List<Collection<TopicRecord>> after = new ArrayList<>();
    for (int i = 0; i < from.offsets().size(); i++) {
      Remembered partition = partitions.get(i);
      if (partition == null
          || from.offsets().get(i) < partition.from
          || partition.to < ends.get(i)) {
        return false;
      }
      after.add(partition.pushes.tailMap(from.offsets().get(i), true).values());
    }
    batch.read(after);
    if (!batch.isFull()) {
      for (int i = 0; i < from.offsets().size(); i++) {
        batch.reached(i, Objects.requireNonNull(partitions.get(i)).to);
      }
    }
    batch.atEnd(!batch.isFull());
    return true;
  }

  private void run() {
    try (reader) {
      while (open) {
        stuck.begins();
        if (System.nanoTime() - nextLook >= 0) {
          look();
        }
        if (hasBegun) {
          remember(reader.poll(POLL));
        } else {
          LockSupport.parkNanos(POLL.toNanos());
        }
      }
    } catch (WakeupException e) {
      log.debug("the reader of pushes is closing");
    }
  }

  private void look() {
    try {
      PushTopic.Layout layout = topic.layout();
      if (!layout.topicId().equals(topicId)) {
        begin(layout);
      } else if (layout.earliest().size() > partitions.size()) {
        readOn(layout);
      }
      hasBegun = true;
      nextLook = System.nanoTime() + LOOK.toNanos();
    } catch (Problem e) {
      log.debug("Kafka does not say how the topic of pushes is: {}", e.getMessage());
      nextLook = System.nanoTime() + POLL.toNanos();
    }
  }

  /** At the end of the topic; of one that was made anew, at its beginning. */
  private synchronized void begin(PushTopic.Layout layout) {
    List<Long> from = topicId.isEmpty() ? layout.latest() : layout.earliest();
    partitions.clear();
    oldestFirst.clear();
    bytes = 0;
    for (int i = 0; i < from.size(); i++) {
      partitions.put(i, new Remembered(from.get(i)));
    }
    topicId = layout.topicId();
    assign();
  }

  /** Nobody has read the new ones: from their beginning. */
  private synchronized void readOn(PushTopic.Layout layout) {
    for (int i = partitions.size(); i < layout.earliest().size(); i++) {
      partitions.put(i, new Remembered(layout.earliest().get(i)));
    }
    assign();
  }

  private void assign() {
    reader.assign(partitions.keySet().stream().map(topic::partition).toList());
    partitions.forEach((number, partition) -> reader.seek(topic.partition(number), partition.to));
  }

  private void remember(ConsumerRecords<byte[], byte[]> records) {
    List<TopicRecord> read = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      read.add(TopicRecord.of(record));
    }
    synchronized (this) {
      read.forEach(this::remember);
      while (bytes > most) {
        forgetOldest();
      }
    }
    for (TopicRecord record : read) {
      record.push().ifPresent(this::wake);
    }
  }

  private void remember(TopicRecord record) {
    Remembered partition = Objects.requireNonNull(partitions.get(record.partition()));
    partition.to = record.offset() + 1;
    record
        .push()
        .ifPresent(
            push -> {
              partition.pushes.put(record.offset(), record);
              oldestFirst.add(record);
              bytes += push.bytes();
            });
  }

  private void forgetOldest() {
    TopicRecord oldest = oldestFirst.remove();
    Remembered partition = Objects.requireNonNull(partitions.get(oldest.partition()));
    partition.pushes.remove(oldest.offset());
    partition.from = oldest.offset() + 1;
    bytes -= oldest.push().orElseThrow().bytes();
  }

  /** Those who wait for a consumer's next batch, in this instance; others look by themselves. */
  void wake(ConsumerName consumer) {
    for (PushWait wait : waiting) {
      if (wait.isOf(consumer)) {
        wait.wake();
      }
    }
  }

  private void wake(Pushed push) {
    for (PushWait wait : waiting) {
      if (wait.visible().test(push.repository())) {
        wait.wake();
      }
    }
  }

  @Override
  public Check check() {
    return hasBegun
        ? stuck.check("the reader of pushes", thread)
        : new Check.Unwell("the reader of pushes waits for Kafka");
  }

  @Override
  public void close() {
    open = false;
    reader.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
