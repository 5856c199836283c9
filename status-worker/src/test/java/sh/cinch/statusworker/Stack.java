package sh.cinch.statusworker;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import sh.cinch.embedded.Broker;
import sh.cinch.embedded.Postgres;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.simulator.Simulator;
import sh.cinch.simulator.SimulatorConfig;

/**
 * A status-worker between a real broker, a real database and a Bitbucket over HTTP; started once
 * for all tests of this module, stopped with the JVM.
 */
public final class Stack {

  public static final Stack SHARED = new Stack();

  final ShiftedClock clock = new ShiftedClock();
  final Bitbucket bitbucket;
  final FakeTokenService lender;
  final PublishedOutcomes told;
  final ServiceContext context;
  private final KafkaSettings kafka;
  private final DatabaseSettings database;
  private final StatusWorkerConfig config;
  private final Producer<byte[], byte[]> producer;

  private Stack() {
    kafka = new KafkaSettings(Broker.temporary().bootstrapServers(), Optional.empty());
    var postgres = Postgres.temporary().database();
    database = new DatabaseSettings(postgres.url(), postgres.user(), Secret.of("none"));
    URI simulator =
        Simulator.start(
                new SimulatorConfig(
                    0,
                    Optional.empty(),
                    "client",
                    "secret",
                    URI.create("http://localhost:8080/auth/bitbucket/callback")))
            .url();
    bitbucket = new Bitbucket(simulator);
    lender = new FakeTokenService(Vertx.vertx());
    config =
        new StatusWorkerConfig(
            0,
            kafka,
            database,
            lender.url(),
            Secret.of(FakeTokenService.SECRET),
            simulator,
            simulator);
    context = context();
    StatusWorkerService.start(config, context);
    producer = context.kafka().producer(Duration.ofSeconds(10));
    told = new PublishedOutcomes(context.kafka());
  }

  /** What another instance stands on. */
  ServiceContext context() {
    return new ServiceContext(
        Vertx.vertx(),
        Database.open(database),
        new Kafka(kafka),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        clock);
  }

  /** A database that no worker looks at. */
  public Database emptyDatabase() {
    context.database().sql().execute("create database aside");
    String url = database.url().replace("/postgres", "/aside");
    return Database.open(new DatabaseSettings(url, database.user(), database.password()));
  }

  StatusWorkerService anotherWorker(ServiceContext others) {
    return StatusWorkerService.start(config, others);
  }

  /** Waits until both instances have partitions of their own. */
  void awaitShared() {
    try (Admin admin = context.kafka().admin()) {
      Project.patiently()
          .until(
              () ->
                  admin
                      .describeConsumerGroups(List.of(StatusWorkerService.NAME))
                      .all()
                      .get()
                      .values()
                      .iterator()
                      .next()
                      .members()
                      .stream()
                      .map(member -> member.assignment().topicPartitions().size())
                      .toList(),
              partitions -> partitions.equals(List.of(3, 3)));
    }
  }

  void connection(Repository repository, ConnectionEvent.State state, @Nullable UUID credential) {
    Instant now = Instant.now();
    send(
        new Event<>(
                Topic.CONNECTION,
                repository.id().toString(),
                UUID.randomUUID().toString(),
                URI.create("/cinch/ingress"),
                repository.fullName(),
                now,
                Traceparent.begin(),
                new ConnectionEvent(repository, state, credential, null, now))
            .toRecord());
  }

  /** As an ordinary producer of build states does it. */
  void report(String key, byte @Nullable [] value, Map<String, String> headers) {
    RecordHeaders recordHeaders = new RecordHeaders();
    headers.forEach((name, text) -> recordHeaders.add(name, text.getBytes(StandardCharsets.UTF_8)));
    send(
        new ProducerRecord<>(
            Topic.BUILD_STATE.name(),
            null,
            key.getBytes(StandardCharsets.UTF_8),
            value,
            recordHeaders));
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
