package sh.cinch.ingress.pushes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.testkit.TopicWriter;

/** A topic of pushes that only one test knows, and those who read it. */
final class PushStand implements AutoCloseable {

  static final int PARTITIONS = 3;
  static final Duration NO_WAIT = Duration.ZERO;
  static final Duration LONG = Duration.ofSeconds(50);
  static final long MUCH = 1024 * 1024;

  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  private final Running running = new Running();
  private final String topic = "pushes-" + UUID.randomUUID();
  private final TestParts parts;
  private final Admin admin;
  private final TopicWriter writer;
  final Pushes pushes;

  /**
   * @param parts stay the caller's to close
   * @param remembered bytes of the newest records
   */
  PushStand(TestParts parts, long remembered) {
    this.parts = parts;
    admin = running.with(parts.context().kafka().admin());
    writer = running.with(new TopicWriter(SharedServers.kafka()));
    make(PARTITIONS);
    pushes = another(remembered);
  }

  /** One more instance. */
  Pushes another(long remembered) {
    return running.with(Pushes.start(parts.context(), topic, remembered));
  }

  void make(int partitions) {
    done(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all());
  }

  void makeAnew() {
    done(admin.deleteTopics(List.of(topic)).all());
    make(PARTITIONS);
  }

  void addPartition() {
    done(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(PARTITIONS + 1))).all());
  }

  /** As retention does. */
  void deleteAllBefore(int partition, long offset) {
    done(
        admin
            .deleteRecords(
                Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
            .all());
  }

  private static void done(KafkaFuture<?> work) {
    try {
      work.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Of a repository in a partition; answers its id. */
  String push(int partition, UUID repository, String branch) {
    String id = UUID.randomUUID().toString();
    write(partition, EventJson.write(event(repository, branch)), Map.of("ce_id", id));
    return id;
  }

  void write(int partition, byte[] value, Map<String, String> headers) {
    Map<String, String> all =
        new HashMap<>(
            Map.of("ce_type", Topic.PUSH.type(), "ce_time", "2026-11-23T15:00:00.5+01:00"));
    all.putAll(headers);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, partition, "key".getBytes(UTF_8), value);
    all.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
    writer.write(record);
  }

  static PushEvent event(UUID repository, String branch) {
    return new PushEvent(
        new Repository(
            repository, "bitbucket-cloud", "acme/app", "{" + repository + "}", "https://x/a.git"),
        "refs/heads/" + branch,
        PushEvent.Type.BRANCH,
        PushEvent.Change.UPDATED,
        "a".repeat(40),
        "b".repeat(40),
        false,
        "b".repeat(40),
        "Fix\n",
        "Jo <jo@example.com>",
        false,
        false,
        false,
        null,
        null,
        null,
        null,
        null,
        Instant.parse("2026-11-23T15:00:00Z"));
  }

  static Predicate<Repository> only(UUID repository) {
    return each -> each.id().equals(repository);
  }

  PushBatch read(Optional<String> after, Predicate<Repository> visible) {
    return read(after, 50, NO_WAIT, visible);
  }

  PushBatch read(
      Optional<String> after, int limit, Duration waiting, Predicate<Repository> visible) {
    try (PushWait wait = pushes.open(() -> visible)) {
      return pushes.read(after, limit, waiting, wait);
    }
  }

  PushBatch next(ConsumerName who, Optional<String> after, int limit) {
    return next(pushes, who, after, limit, NO_WAIT);
  }

  PushBatch next(
      Pushes instance, ConsumerName who, Optional<String> after, int limit, Duration waiting) {
    try (PushWait wait = instance.open(() -> repository -> true)) {
      return instance.next(who, after, limit, waiting, wait);
    }
  }

  static <T> Future<T> meanwhile(java.util.function.Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, THREADS);
  }

  static List<String> ids(PushBatch batch) {
    return batch.items().stream().map(Pushed::id).toList();
  }

  @Override
  public void close() {
    parts.clock().reset();
    running.close();
  }
}
