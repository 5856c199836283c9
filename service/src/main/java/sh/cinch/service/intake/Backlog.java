package sh.cinch.service.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import sh.cinch.service.kafka.Incoming;

/**
 * Records that were read and are not recorded yet. Owners take turns, so that nobody waits for all
 * that one has sent; what one has sent stays in its order. Whose a record is says its key, up to
 * the first colon: whoever may write to a topic is trusted to write what is true. For one thread.
 */
final class Backlog {

  private static final int MOST_RECORDS = 10_000;
  private static final long MOST_BYTES = 32L << 20;
  private static final int OBJECTS = 500;

  private final Map<String, Queue<Incoming>> byOwner = new LinkedHashMap<>();
  private final Map<TopicPartition, NavigableSet<Long>> open = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
  private final long mostBytes;
  private int records;
  private long bytes;

  /**
   * @param heap of the process, in bytes; a service has two of these, and more to do than to wait
   */
  Backlog(long heap) {
    this.mostBytes = Math.min(MOST_BYTES, heap / 16);
  }

  void add(ConsumerRecords<byte[], byte[]> polled) {
    polled.forEach(
        record -> {
          Incoming incoming = new Incoming(record);
          byOwner.computeIfAbsent(owner(incoming), any -> new ArrayDeque<>()).add(incoming);
          open.computeIfAbsent(partition(incoming), any -> new TreeSet<>()).add(incoming.offset());
          records++;
          bytes += bytes(incoming);
        });
    ends.putAll(polled.nextOffsets());
  }

  int size() {
    return records;
  }

  boolean isEmpty() {
    return records == 0;
  }

  /** No more is to be read for now. */
  boolean isFull() {
    return records >= MOST_RECORDS || bytes >= mostBytes;
  }

  /** Takes out up to so many, of each owner as many as of the next. */
  List<Incoming> next(int most) {
    List<Incoming> batch = new ArrayList<>();
    while (batch.size() < most && !byOwner.isEmpty()) {
      String owner = byOwner.keySet().iterator().next();
      Queue<Incoming> queue = byOwner.remove(owner);
      Incoming first = queue.remove();
      batch.add(first);
      records--;
      bytes -= bytes(first);
      if (!queue.isEmpty()) {
        byOwner.put(owner, queue);
      }
    }
    return batch;
  }

  void recorded(Collection<Incoming> batch) {
    batch.forEach(
        record -> open.getOrDefault(partition(record), new TreeSet<>()).remove(record.offset()));
  }

  /** Where each partition's first record lies that is not recorded, or the next one to be read. */
  Map<TopicPartition, OffsetAndMetadata> offsets() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(ends);
    open.forEach(
        (partition, some) -> {
          if (!some.isEmpty()) {
            offsets.put(partition, new OffsetAndMetadata(some.first()));
          }
        });
    return offsets;
  }

  /** Other partitions are another instance's by now, which reads these records for itself. */
  void keep(Set<TopicPartition> assigned) {
    if (assigned.containsAll(ends.keySet())) {
      return;
    }
    open.keySet().retainAll(assigned);
    ends.keySet().retainAll(assigned);
    byOwner.values().forEach(queue -> queue.removeIf(one -> !assigned.contains(partition(one))));
    byOwner.values().removeIf(Queue::isEmpty);
    records = byOwner.values().stream().mapToInt(Queue::size).sum();
    bytes = byOwner.values().stream().flatMap(Queue::stream).mapToLong(Backlog::bytes).sum();
  }

  /** All that is not recorded: it is read again, from {@link #offsets} on. */
  void clear() {
    ends.putAll(offsets());
    open.clear();
    byOwner.clear();
    records = 0;
    bytes = 0;
  }

  private static String owner(Incoming record) {
    byte[] key = record.key();
    String text = key == null ? "" : new String(key, UTF_8);
    int end = text.indexOf(':');
    return end < 0 ? text : text.substring(0, end);
  }

  /** About. A header that was never asked for holds on to all that was fetched with it. */
  private static long bytes(Incoming record) {
    long sum = OBJECTS + length(record.key()) + length(record.value());
    for (Header header : record.headers()) {
      sum += header.key().length() + length(header.value());
    }
    return sum;
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static TopicPartition partition(Incoming record) {
    return new TopicPartition(record.topic(), record.partition());
  }
}
