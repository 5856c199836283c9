package sh.cinch.ingress.pushes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.schema.event.Repository;

/** Reads on from a cursor until it has as many pushes as one answer takes. */
final class Batch {

  /** The records of one partition, in order. */
  private static final class Run {
    private final Iterator<TopicRecord> records;
    private TopicRecord head;

    Run(Iterator<TopicRecord> records) {
      this.records = records;
      this.head = records.next();
    }

    TopicRecord head() {
      return head;
    }

    boolean advances() {
      if (!records.hasNext()) {
        return false;
      }
      head = records.next();
      return true;
    }
  }

  private final String topicId;
  private final List<Long> offsets;
  private final List<Long> until;
  private final int limit;
  private final long mostBytes;
  private final Predicate<Repository> visible;
  private final List<Pushed> items = new ArrayList<>();
  private long bytes;
  private boolean isFull;
  private boolean isAtEnd;

  /**
   * @param until nothing from there on is read
   */
  private Batch(
      PushCursor from, List<Long> until, int limit, long mostBytes, Predicate<Repository> visible) {
    this.topicId = from.topicId();
    this.offsets = new ArrayList<>(from.offsets());
    this.until = until;
    this.limit = limit;
    this.mostBytes = mostBytes;
    this.visible = visible;
  }

  /**
   * A new one.
   *
   * @param limit how many items at most
   * @param visible whose pushes may be among them
   */
  static Batch of(PushCursor from, int limit, Predicate<Repository> visible) {
    return new Batch(
        from,
        Collections.nCopies(from.offsets().size(), Long.MAX_VALUE),
        limit,
        PageRequest.MOST_BYTES,
        visible);
  }

  /** One that was given away before, once more: whatever it had, and nothing else. */
  static Batch again(PushCursor from, PushCursor to, Predicate<Repository> visible) {
    List<Long> until = new ArrayList<>(from.offsets());
    for (int i = 0; i < to.offsets().size(); i++) {
      until.set(i, to.offsets().get(i));
    }
    return new Batch(from, until, Integer.MAX_VALUE, Long.MAX_VALUE, visible);
  }

  /**
   * What the brokers took first comes first, so that no partition keeps others waiting; each keeps
   * its order.
   */
  void read(Collection<? extends Iterable<TopicRecord>> partitions) {
    PriorityQueue<Run> runs =
        new PriorityQueue<>(Comparator.comparingLong(run -> run.head().takenAt()));
    for (Iterable<TopicRecord> partition : partitions) {
      Iterator<TopicRecord> records = partition.iterator();
      if (records.hasNext()) {
        runs.add(new Run(records));
      }
    }
    Run next = runs.poll();
    while (next != null && takes(next.head())) {
      if (next.advances()) {
        runs.add(next);
      }
      next = runs.poll();
    }
  }

  private boolean takes(TopicRecord record) {
    if (record.offset() >= until.get(record.partition())) {
      return true;
    }
    if (record.push().isPresent() && visible.test(record.push().get().repository())) {
      Pushed push = record.push().get();
      if (items.size() == limit || (!items.isEmpty() && bytes + push.bytes() > mostBytes)) {
        isFull = true;
        return false;
      }
      items.add(push);
      bytes += push.bytes();
      isFull = items.size() == limit;
    }
    offsets.set(record.partition(), record.offset() + 1);
    return true;
  }

  /** All before this offset is read, whatever was there. */
  void reached(int partition, long offset) {
    long within = Math.min(offset, until.get(partition));
    offsets.set(partition, Math.max(offsets.get(partition), within));
  }

  /** Whether nothing more is on the topic, or wanted of it. */
  void atEnd(boolean is) {
    isAtEnd = is;
  }

  boolean isFull() {
    return isFull;
  }

  boolean isAtEnd() {
    return isAtEnd;
  }

  /** Where each partition is to be read to, of which Kafka says where it ends now. */
  List<Long> ends(List<Long> latest) {
    List<Long> ends = new ArrayList<>();
    for (int i = 0; i < until.size(); i++) {
      ends.add(Math.min(until.get(i), latest.get(i)));
    }
    return ends;
  }

  long offset(int partition) {
    return offsets.get(partition);
  }

  List<Pushed> items() {
    return items;
  }

  PushCursor next() {
    return new PushCursor(topicId, offsets);
  }
}
