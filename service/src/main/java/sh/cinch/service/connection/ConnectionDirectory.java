package sh.cinch.service.connection;

import static java.util.Locale.ROOT;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;

/**
 * The newest connection of every repository, read from the compacted topic by each instance for
 * itself. A repository it does not know may have been connected this very moment: {@link #find}
 * first reads everything that was on the topic when it was asked.
 */
public final class ConnectionDirectory implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ConnectionDirectory.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CATCH_UP = Duration.ofSeconds(20);

  private final Consumer<byte[], byte[]> reader;
  private final Consumer<byte[], byte[]> ends;
  private final List<TopicPartition> partitions;
  private final Map<UUID, ConnectionEvent> byId = new ConcurrentHashMap<>();
  private final Map<String, UUID> byName = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean open = true;

  private ConnectionDirectory(Consumer<byte[], byte[]> reader, Consumer<byte[], byte[]> ends) {
    this.reader = reader;
    this.ends = ends;
    this.partitions =
        reader.partitionsFor(Topic.CONNECTION.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    this.thread =
        Thread.ofVirtual()
            .name("connection-directory")
            .uncaughtExceptionHandler((dead, e) -> log.error("reader={} died", dead.getName(), e))
            .unstarted(this::read);
  }

  /**
   * @param reader this takes both over and closes them
   */
  public static ConnectionDirectory start(
      Consumer<byte[], byte[]> reader, Consumer<byte[], byte[]> ends) {
    ConnectionDirectory directory = new ConnectionDirectory(reader, ends);
    reader.assign(directory.partitions);
    reader.seekToBeginning(directory.partitions);
    directory.thread.start();
    return directory;
  }

  /**
   * Empty where no such repository was ever connected. Blocks for as long as reading up to now
   * takes.
   *
   * @throws IllegalStateException where Kafka does not let it be known now
   */
  public Optional<ConnectionEvent> find(RepositoryRef repository) {
    Optional<ConnectionEvent> known = known(repository);
    if (known.isPresent()) {
      return known;
    }
    catchUp();
    return known(repository);
  }

  private Optional<ConnectionEvent> known(RepositoryRef repository) {
    UUID id = repository.id() != null ? repository.id() : byName.get(nameOf(repository));
    return id == null ? Optional.empty() : Optional.ofNullable(byId.get(id));
  }

  private synchronized void catchUp() {
    try {
      Map<TopicPartition, Long> wanted = ends.endOffsets(partitions, CATCH_UP);
      long patience = System.nanoTime() + CATCH_UP.toNanos();
      while (!isReadUpTo(wanted)) {
        if (System.nanoTime() > patience) {
          throw new IllegalStateException("the connections could not be read up to now");
        }
        wait(POLL.toMillis());
      }
    } catch (KafkaException e) {
      throw new IllegalStateException("the connections could not be read up to now", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading connections", e);
    }
  }

  private boolean isReadUpTo(Map<TopicPartition, Long> wanted) {
    return wanted.entrySet().stream()
        .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  private void read() {
    try (reader) {
      while (open) {
        reader.poll(POLL).forEach(this::take);
        partitions.forEach(partition -> positions.put(partition, reader.position(partition)));
        synchronized (this) {
          notifyAll();
        }
      }
    } catch (WakeupException e) {
      log.debug("connection directory closing");
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    switch (EventJson.read(record.value(), ConnectionEvent.class)) {
      case Reading.Good<ConnectionEvent>(ConnectionEvent event) -> {
        byId.put(event.repository().id(), event);
        // A name that now means another repository goes with the newest connection.
        byName.put(
            name(event.repository().forge(), event.repository().fullName()),
            event.repository().id());
      }
      case Reading.Bad<ConnectionEvent>(String reason) ->
          log.warn("ignored a bad connection record offset={}: {}", record.offset(), reason);
    }
  }

  private static String nameOf(RepositoryRef repository) {
    return name(
        Objects.requireNonNull(repository.forge()), Objects.requireNonNull(repository.fullName()));
  }

  private static String name(String forge, String fullName) {
    return forge + ":" + fullName.toLowerCase(ROOT);
  }

  @Override
  public Check check() {
    return thread.isAlive() ? new Check.Well() : new Check.Unwell("the reader of connections died");
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
