package sh.cinch.service.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.exit.LastResort;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.health.StuckWatch;

/**
 * Reads all records of some topics, as each instance does for itself, on a thread of its own;
 * commits nothing. The topics must be there.
 */
public final class TopicReader implements Checked, AutoCloseable {

  /** Where to begin. */
  public enum From {
    BEGINNING,
    END
  }

  private static final Logger log = LoggerFactory.getLogger(TopicReader.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration BEGINNING = Duration.ofSeconds(5);
  private static final Duration CATCH_UP = Duration.ofSeconds(20);

  private final Consumer<byte[], byte[]> reader;
  private final Consumer<byte[], byte[]> ends;
  private final java.util.function.Consumer<Incoming> each;
  private final List<Topic<?>> topics;
  private final From from;
  private volatile List<TopicPartition> partitions = List.of();
  private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
  private final StuckWatch stuck = new StuckWatch();
  private final Thread thread;
  private volatile boolean open = true;

  private TopicReader(
      Kafka kafka,
      String name,
      List<Topic<?>> topics,
      From from,
      java.util.function.Consumer<Incoming> each) {
    this.reader = kafka.reader();
    this.ends = kafka.reader();
    this.topics = topics;
    this.from = from;
    this.each = each;
    this.thread =
        Thread.ofVirtual()
            .name(name)
            .uncaughtExceptionHandler(LastResort.died(log, "reader"))
            .unstarted(this::read);
  }

  /**
   * Where Kafka is away, or a topic is missing, it begins once all of them are there.
   *
   * @param each is called on the reader's own thread; where it throws, the reader dies
   */
  public static TopicReader start(
      Kafka kafka,
      String name,
      List<Topic<?>> topics,
      From from,
      java.util.function.Consumer<Incoming> each) {
    TopicReader started = new TopicReader(kafka, name, topics, from, each);
    boolean unused = started.begins();
    started.thread.start();
    return started;
  }

  /** Whether it has found out where to begin. */
  private boolean begins() {
    try {
      List<TopicPartition> found = new ArrayList<>();
      for (Topic<?> topic : topics) {
        List<PartitionInfo> parts = reader.partitionsFor(topic.name(), BEGINNING);
        if (parts.isEmpty()) {
          return false; // it is still to be made
        }
        parts.forEach(part -> found.add(new TopicPartition(part.topic(), part.partition())));
      }
      reader.assign(found);
      switch (from) {
        case BEGINNING -> reader.seekToBeginning(found);
        case END -> {
          reader.seekToEnd(found);
          // Seeking is lazy: asked for now, the end is where it is now.
          found.forEach(partition -> reader.position(partition, BEGINNING));
        }
      }
      partitions = List.copyOf(found);
      return true;
    } catch (RetriableException e) {
      log.debug("reader={} begins later", thread.getName(), e);
      return false;
    }
  }

  /**
   * Returns once everything is read that is on the topics now.
   *
   * @throws IllegalStateException where Kafka does not let it be read within a while
   */
  public synchronized void catchUp() {
    if (partitions.isEmpty()) {
      throw new IllegalStateException(thread.getName() + " could not be read yet: Kafka is away");
    }
    try {
      Map<TopicPartition, Long> wanted = ends.endOffsets(partitions, CATCH_UP);
      long patience = System.nanoTime() + CATCH_UP.toNanos();
      while (!isReadUpTo(wanted)) {
        if (System.nanoTime() > patience) {
          throw new IllegalStateException(thread.getName() + " could not be read up to now");
        }
        wait(POLL.toMillis());
      }
    } catch (KafkaException e) {
      throw new IllegalStateException(thread.getName() + " could not be read up to now", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading " + thread.getName(), e);
    }
  }

  private boolean isReadUpTo(Map<TopicPartition, Long> wanted) {
    return wanted.entrySet().stream()
        .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  private void read() {
    try (reader) {
      while (open && partitions.isEmpty()) {
        stuck.begins();
        if (!begins()) {
          LockSupport.parkNanos(POLL.toNanos());
        }
      }
      while (open) {
        stuck.begins();
        reader.poll(POLL).forEach(record -> each.accept(new Incoming(record)));
        partitions.forEach(partition -> positions.put(partition, reader.position(partition)));
        synchronized (this) {
          notifyAll();
        }
      }
    } catch (WakeupException e) {
      log.debug("reader={} closing", thread.getName());
    }
  }

  @Override
  public Check check() {
    return partitions.isEmpty()
        ? new Check.Unwell("the reader %s waits for Kafka".formatted(thread.getName()))
        : stuck.check("the reader " + thread.getName(), thread);
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
    ends.close();
  }
}
