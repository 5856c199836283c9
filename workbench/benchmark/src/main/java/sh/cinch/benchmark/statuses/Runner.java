package sh.cinch.benchmark.statuses;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.trace.Traceparent;

/** Runs builds, so to say, and reports them to a topic. */
final class Runner implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final URI SOURCE = URI.create("/cinch/benchmark");

  private final Producer<byte[], byte[]> producer;

  Runner(KafkaSettings kafka) {
    producer = new Kafka(kafka).producer(PATIENCE);
  }

  /** Somebody connects a repository: the status-worker reads of it. */
  void connect(Repository repository, String workspaceUuid, UUID credential) {
    ConnectionEvent connected =
        new ConnectionEvent(
            repository,
            workspaceUuid,
            List.of(),
            ConnectionEvent.State.CONNECTED,
            credential,
            null,
            Instant.now());
    await(
        producer.send(
            record(
                Topic.CONNECTION,
                repository.id().toString(),
                UUID.randomUUID().toString(),
                repository,
                connected)));
  }

  /** As fast as Kafka takes them. */
  void report(List<Build> builds) {
    builds.stream().map(build -> producer.send(record(build))).toList().forEach(Runner::await);
  }

  /**
   * One after the other, so many a second.
   *
   * @return when each was, by its commit
   */
  Map<String, Instant> report(List<Build> builds, String topic, int perSecond) {
    Map<String, Instant> reported = new HashMap<>();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    long begin = System.nanoTime();
    for (Build build : builds) {
      awaitTurn(begin + sent.size() * 1_000_000_000L / perSecond);
      reported.put(build.commit(), Instant.now());
      sent.add(producer.send(to(topic, record(build))));
    }
    sent.forEach(Runner::await);
    return reported;
  }

  private static void awaitTurn(long turn) {
    for (long left = turn - System.nanoTime(); left > 0; left = turn - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static ProducerRecord<byte[], byte[]> to(
      String topic, ProducerRecord<byte[], byte[]> record) {
    return new ProducerRecord<>(topic, null, record.key(), record.value(), record.headers());
  }

  private static ProducerRecord<byte[], byte[]> record(Build build) {
    return record(
        Topic.BUILD_STATE, build.key(), build.id(), build.repository(), build.state(Instant.now()));
  }

  private static <T> ProducerRecord<byte[], byte[]> record(
      Topic<T> topic, String key, String id, Repository about, T body) {
    return new Event<>(
            topic, key, id, SOURCE, about.fullName(), Instant.now(), Traceparent.begin(), body)
        .toRecord();
  }

  private static void await(Future<RecordMetadata> sent) {
    try {
      RecordMetadata unused = sent.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka does not take a record", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
