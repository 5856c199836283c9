package sh.cinch.releaseworker;

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
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import sh.cinch.embedded.Broker;
import sh.cinch.embedded.Postgres;
import sh.cinch.releaseworker.source.SourceRules;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Parts;
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
 * A release-worker between a real broker, a real database and a Bitbucket over HTTP; started once
 * for all tests of this module, stopped with the JVM.
 */
final class Stack {

  static final Stack SHARED = new Stack();

  static final long LARGEST = 1L << 40;
  static final int UPLOADS = 8;

  final ShiftedClock clock = new ShiftedClock();
  final Bitbucket bitbucket;
  final Lender lender;
  final Shelf shelf;
  final Told told;
  final Parts parts;
  final ReleaseWorkerConfig config;
  final Simulator simulator;
  private final Producer<byte[], byte[]> producer;

  private Stack() {
    KafkaSettings kafka =
        new KafkaSettings(Broker.temporary().bootstrapServers(), Optional.empty());
    var postgres = Postgres.temporary().database();
    DatabaseSettings database =
        new DatabaseSettings(postgres.url(), postgres.user(), Secret.of("none"));
    simulator =
        Simulator.start(
            new SimulatorConfig(
                0,
                Optional.empty(),
                "client",
                "secret",
                URI.create("http://localhost:8080/auth/bitbucket/callback")));
    bitbucket = new Bitbucket(simulator.url());
    lender = new Lender(Vertx.vertx());
    shelf = new Shelf(Vertx.vertx());
    config =
        new ReleaseWorkerConfig(
            0,
            kafka,
            database,
            lender.url(),
            Secret.of(Lender.SECRET),
            shelf.url(),
            simulator.url(),
            new SourceRules(List.of(), List.of()),
            LARGEST,
            UPLOADS,
            Duration.ofMinutes(10));
    parts = parts();
    ReleaseWorkerService.start(config, parts);
    producer = parts.kafka().producer(Duration.ofSeconds(10));
    told = new Told(parts.kafka());
  }

  /** What a test broke or moved is as it was. */
  void mend() {
    bitbucket.mend();
    clock.reset();
  }

  /** What another instance stands on. */
  Parts parts() {
    return new Parts(
        Vertx.vertx(),
        Database.open(config.database()),
        new Kafka(config.kafka()),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        clock);
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

  /** As an ordinary producer asks for a release. */
  void request(String key, byte @Nullable [] value, Map<String, String> headers) {
    RecordHeaders recordHeaders = new RecordHeaders();
    headers.forEach((name, text) -> recordHeaders.add(name, text.getBytes(StandardCharsets.UTF_8)));
    send(
        new ProducerRecord<>(
            Topic.RELEASE_REQUEST.name(),
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
