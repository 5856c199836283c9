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
import sh.cinch.forge.Site;
import sh.cinch.releaseworker.source.SourceRules;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.kafka.Topics;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.simulator.Simulator;
import sh.cinch.simulator.SimulatorConfig;

/**
 * A release-worker between a real broker, a real database and a Bitbucket over HTTP; started once
 * for all tests of this module, stopped with the JVM.
 */
final class Stack implements AutoCloseable {

  static final Stack SHARED = working();

  static final long LARGEST = 1L << 40;
  static final int UPLOADS = 8;

  final ShiftedClock clock = new ShiftedClock();
  final Bitbucket bitbucket;
  final FakeTokenService lender;
  final FakeArtifactServer shelf;
  final PublishedOutcomes told;
  final ServiceContext context;
  final ReleaseWorkerConfig config;
  final Simulator simulator;
  private final Producer<byte[], byte[]> producer;
  private final Running running = new Running();

  private Stack() {
    KafkaSettings kafka =
        new KafkaSettings(running.with(Broker.temporary()).bootstrapServers(), Optional.empty());
    var postgres = running.with(Postgres.temporary()).database();
    DatabaseSettings database =
        new DatabaseSettings(postgres.url(), postgres.user(), Secret.of("none"));
    simulator =
        running.with(
            Simulator.start(
                new SimulatorConfig(
                    0,
                    Optional.empty(),
                    "client",
                    "secret",
                    URI.create("http://localhost:8080/auth/bitbucket/callback"))));
    bitbucket = new Bitbucket(simulator.url());
    Vertx vertx = Vertx.vertx();
    running.with(() -> vertx.close().await());
    lender = new FakeTokenService(vertx);
    shelf = new FakeArtifactServer(vertx);
    config =
        new ReleaseWorkerConfig(
            0,
            kafka,
            database,
            lender.url(),
            Secret.of(FakeTokenService.SECRET),
            shelf.url(),
            Site.bitbucketCloud(simulator.url(), simulator.url()),
            new SourceRules(List.of(), List.of()),
            LARGEST,
            UPLOADS,
            Duration.ofMinutes(10));
    context = running.with(context());
    Topics.ensure(
        context.kafka(),
        List.of(Topic.RELEASE_REQUEST, Topic.CONNECTION, Topic.OUTCOME, Topic.DEAD_LETTER));
    producer = running.with(context.kafka().producer(Duration.ofSeconds(10)));
    told = running.with(new PublishedOutcomes(context.kafka()));
  }

  private static Stack working() {
    Stack stack = new Stack();
    stack.running.with(ReleaseWorkerService.start(stack.config, stack.context));
    return stack;
  }

  /** One of a test's own, without a release-worker: the test starts those, as processes. */
  static Stack idle() {
    return new Stack();
  }

  /** What a test broke or moved is as it was. */
  void mend() {
    bitbucket.mend();
    clock.reset();
  }

  /** What another instance stands on. */
  ServiceContext context() {
    return new ServiceContext(
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

  @Override
  public void close() {
    running.close();
  }
}
