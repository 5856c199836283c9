package sh.cinch.ingress.running;

import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.testkit.ShiftedClock;
import sh.cinch.testkit.TopicReader;

/** The context a service stands on, and ways to look into them. */
public record TestParts(
    ServiceContext context,
    Vault vault,
    ShiftedClock clock,
    Map<Topic<?>, TopicReader> readers,
    KafkaAccess brokers)
    implements AutoCloseable {

  public static TestParts open(KafkaAccess kafka, sh.cinch.embedded.Database database) {
    return open(kafka, database, Vault.open(Vault.newKeyset()));
  }

  /** With the keyset of another instance. */
  public static TestParts open(
      KafkaAccess kafka, sh.cinch.embedded.Database database, Vault vault) {
    ShiftedClock clock = new ShiftedClock();
    return new TestParts(
        new ServiceContext(
            Vertx.vertx(),
            Database.open(settings(database)),
            kafka(kafka),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            clock),
        vault,
        clock,
        new ConcurrentHashMap<>(),
        kafka);
  }

  public static Kafka kafka(KafkaAccess access) {
    return new Kafka(settings(access));
  }

  /** In the words of our settings. */
  public static KafkaSettings settings(KafkaAccess access) {
    return new KafkaSettings(access.bootstrapServers(), Optional.of(access.properties()));
  }

  /** In the words of our settings. */
  public static DatabaseSettings settings(sh.cinch.embedded.Database database) {
    return new DatabaseSettings(database.url(), database.user(), Secret.of(database.password()));
  }

  public Database database() {
    return context.database();
  }

  /** Cinch's id of a new repository; an older one of this UUID makes way. */
  public UUID repository(String forgeUuid, String fullName) {
    UUID id = UUID.randomUUID();
    database()
        .sql()
        .update(REPOSITORY)
        .set(REPOSITORY.FORGE_UUID, REPOSITORY.ID.cast(String.class))
        .where(REPOSITORY.FORGE_UUID.eq(forgeUuid))
        .execute();
    database()
        .sql()
        .insertInto(REPOSITORY)
        .set(REPOSITORY.ID, id)
        .set(REPOSITORY.FORGE, "bitbucket-cloud")
        .set(REPOSITORY.FORGE_UUID, forgeUuid)
        .set(REPOSITORY.FULL_NAME, fullName)
        .set(REPOSITORY.STATE, "connected")
        .set(REPOSITORY.SINCE, context.clock().instant())
        .set(REPOSITORY.CREATED_AT, context.clock().instant())
        .execute();
    return id;
  }

  public UUID repository() {
    return repository("{" + UUID.randomUUID() + "}", "acme/app");
  }

  /** What is on a topic right now under a key, oldest first. */
  public List<Incoming> records(Topic<?> topic, String key) {
    return readers
        .computeIfAbsent(topic, unread -> new TopicReader(brokers, List.of(topic)))
        .records(topic, key)
        .stream()
        .map(Incoming::new)
        .toList();
  }

  /** Returns once a group has read and recorded what is on these topics now. */
  public void awaitRead(String group, List<Topic<?>> topics) {
    try (Admin admin = context.kafka().admin()) {
      Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
      for (Topic<?> topic : topics) {
        for (int i = 0; i < topic.partitions(); i++) {
          partitions.put(new TopicPartition(topic.name(), i), OffsetSpec.latest());
        }
      }
      var ends = admin.listOffsets(partitions).all().get();
      await()
          .until(
              () -> {
                var read =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
                return ends.entrySet().stream()
                    .filter(end -> end.getValue().offset() > 0)
                    .allMatch(
                        end ->
                            read.get(end.getKey()) != null
                                && read.get(end.getKey()).offset() >= end.getValue().offset());
              });
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    readers.values().forEach(TopicReader::close);
    context.close();
  }
}
