package sh.cinch.statusworker.storm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static sh.cinch.database.service.Tables.OUTBOX;
import static sh.cinch.database.status_worker.Tables.STATUS;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import sh.cinch.embedded.Broker;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.config.Listen;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.retention.RetentionDays;
import sh.cinch.service.secret.Secret;
import sh.cinch.statusworker.StatusWorkerConfig;
import sh.cinch.testkit.ConnectedRepository;
import sh.cinch.testkit.FakeTokenService;
import sh.cinch.testkit.Scale;
import sh.cinch.testkit.ShiftedClock;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TestServers;
import sh.cinch.testkit.TopicWriter;

/**
 * Builds are told of at an even pace while requests come to harm and instances come and go: for the
 * proof processes that are killed with SIGKILL, else some in this JVM, by a clock that goes faster
 * once all is told.
 */
final class Storm implements AutoCloseable {

  private static final String GROUP = "status-worker";
  private static final String SECRET = "the status-worker's secret";
  private static final List<String> KEYS = List.of("unit", "lint", "docs", "deploy");
  private static final int KILLS_TO_A_STOP = 4;
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(Scale.of(60, 1_500));

  private final Running parts = new Running();
  private final ShiftedClock clock = new ShiftedClock();
  private final Random random;
  private final Database database;
  private final FakeTokenService tokenService;
  private final TopicWriter topics;
  private final Producer<byte[], byte[]> producer;
  private final Admin admin;
  private final Generations generations;
  private final AtomicInteger told = new AtomicInteger();
  private final List<ConnectedRepository> repositories = new ArrayList<>();
  private final List<Place> places = new ArrayList<>();
  final KafkaAccess kafka;
  final SimulatedBitbucket bitbucket;
  final BadWay way;
  final Instances instances;

  /**
   * @param logs of processes
   */
  Storm(Random random, Path logs) {
    this.random = random;
    Vertx vertx = Vertx.vertx();
    parts.with(() -> vertx.close().await());
    kafka = parts.with(Broker.temporary()).access();
    sh.cinch.embedded.Database empty = TestServers.shared().freshDatabase();
    DatabaseSettings settings =
        new DatabaseSettings(empty.url(), empty.user(), Secret.of(empty.password()));
    database = parts.with(Database.open(settings));
    bitbucket = parts.with(SimulatedBitbucket.start(SimulatedBitbucket.CALLBACK, clock));
    way = parts.with(new BadWay(bitbucket.url(), random));
    tokenService = parts.with(new FakeTokenService(vertx, SECRET, bitbucket));
    topics = parts.with(new TopicWriter(kafka));
    producer =
        parts.with(
            new KafkaProducer<>(
                kafka.client(Map.of("enable.idempotence", true)),
                new ByteArraySerializer(),
                new ByteArraySerializer()));
    admin = parts.with(Admin.create(kafka.client(Map.of())));
    generations = parts.with(new Generations(kafka, GROUP));
    StatusWorkerConfig config =
        new StatusWorkerConfig(
            Listen.onLoopback(),
            new KafkaSettings(kafka.bootstrapServers(), Optional.of(kafka.properties())),
            settings,
            tokenService.url(),
            Secret.of(SECRET),
            Site.bitbucketCloud(way.url(), way.url()),
            HourlyLimit.of(0),
            RetentionDays.STATUSES.usual(),
            RetentionDays.PUSHES.usual(),
            StatusWorkerConfig.ORPHANED_AFTER,
            StatusWorkerConfig.POSTS_AT_ONCE);
    AtomicInteger started = new AtomicInteger();
    instances =
        parts.with(
            new Instances(
                () ->
                    Scale.isProof()
                        ? InAProcess.start(
                            config, logs.resolve(started.incrementAndGet() + ".log").toFile())
                        : InThisJvm.start(config, clock)));
  }

  /** Until each has joined the others. */
  void start(int many) {
    instances.start(many);
    patiently(SOON)
        // Until somebody joins there is no group.
        .ignoreException(ExecutionException.class)
        .until(() -> members() == many);
  }

  /** Makes repositories, and a commit of one of them for every few statuses. */
  void prepare(int many, int statuses) {
    for (int i = 0; i < many; i++) {
      repositories.add(new ConnectedRepository(bitbucket, tokenService, topics, "repository"));
    }
    while (places.size() < statuses) {
      // One of four has half of all.
      int among = random.nextBoolean() ? many : Math.max(1, many / 4);
      var repository = repositories.get(random.nextInt(among)).repository();
      String commit = bitbucket.push(repository.fullName(), "refs/heads/main");
      KEYS.forEach(key -> places.add(new Place(repository, commit, key)));
    }
  }

  List<ConnectedRepository> repositories() {
    return repositories;
  }

  Place place(int status) {
    return places.get(status);
  }

  /**
   * @param apart so long after each report the next one is told
   * @param betweenKills at least; whoever takes a dead one's place is ready before the next dies
   */
  void rage(List<Report> reports, Duration apart, Duration betweenKills)
      throws InterruptedException {
    CountDownLatch isOver = new CountDownLatch(1);
    Iterator<Report> coming = reports.iterator();
    try (ScheduledExecutorService runners = Executors.newSingleThreadScheduledExecutor()) {
      Future<?> telling =
          runners.scheduleAtFixedRate(
              () -> {
                if (coming.hasNext()) {
                  tell(coming.next());
                } else {
                  isOver.countDown();
                }
              },
              0,
              apart.toNanos(),
              TimeUnit.NANOSECONDS);
      Instant next = Instant.now().plus(betweenKills.dividedBy(2));
      while (!isOver.await(Duration.between(Instant.now(), next).toNanos(), TimeUnit.NANOSECONDS)) {
        if (telling.isDone()) {
          throw new AssertionError("the runners have failed", telling.exceptionNow());
        }
        next = Instant.now().plus(betweenKills);
        instances.killOne();
        if (instances.killed() % KILLS_TO_A_STOP == 0) {
          instances.stopOne();
        }
      }
      telling.cancel(false);
    }
    producer.flush();
  }

  private void tell(Report report) {
    Place place = places.get(report.status());
    String key = place.recordKey() + (random.nextInt(10) == 0 ? ":other" : "");
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_id", report.mark().getBytes(UTF_8));
    Future<RecordMetadata> unused =
        producer.send(
            new ProducerRecord<>(
                Topic.BUILD_STATE.name(),
                null,
                key.getBytes(UTF_8),
                report.json(place).encode().getBytes(UTF_8),
                headers));
    told.incrementAndGet();
  }

  int told() {
    return told.get();
  }

  int rebalances() {
    return generations.newest();
  }

  /** Until nothing is left to do. */
  void settle() {
    patiently(PATIENCE)
        .until(
            () -> {
              if (!Scale.isProof()) {
                clock.advance(Duration.ofSeconds(1));
              }
              return isSettled();
            });
  }

  private boolean isSettled() throws ExecutionException, InterruptedException {
    return !database.sql().fetchExists(STATUS, STATUS.DUE_AT.isNotNull())
        && !isLagging()
        && !database.sql().fetchExists(STATUS, STATUS.DUE_AT.isNotNull())
        && !database.sql().fetchExists(OUTBOX);
  }

  private int members() throws ExecutionException, InterruptedException {
    return Objects.requireNonNull(
            admin.describeConsumerGroups(List.of(GROUP)).describedGroups().get(GROUP))
        .get()
        .members()
        .size();
  }

  private boolean isLagging() throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> done =
        admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get();
    Map<TopicPartition, OffsetSpec> all = new HashMap<>();
    for (int i = 0; i < Topic.BUILD_STATE.partitions(); i++) {
      all.put(new TopicPartition(Topic.BUILD_STATE.name(), i), OffsetSpec.latest());
    }
    return admin.listOffsets(all).all().get().entrySet().stream()
        .anyMatch(
            end ->
                end.getValue().offset()
                    > (done.get(end.getKey()) == null ? 0 : done.get(end.getKey()).offset()));
  }

  private static ConditionFactory patiently(Duration patience) {
    return Awaitility.await().atMost(patience).pollInterval(Duration.ofMillis(50));
  }

  @Override
  public void close() {
    parts.close();
  }
}
