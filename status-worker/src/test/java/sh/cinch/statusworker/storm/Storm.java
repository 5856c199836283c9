package sh.cinch.statusworker.storm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static sh.cinch.database.service.Tables.OUTBOX;
import static sh.cinch.database.status_worker.Tables.STATUS;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
import org.apache.kafka.common.TopicPartition;
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
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(Scale.of(60, 900));

  private final Running parts = new Running();
  private final ShiftedClock clock = new ShiftedClock();
  private final Random random;
  private final Database database;
  private final FakeTokenService tokenService;
  private final TopicWriter topics;
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
  Storm(Random random, int instances, Path logs) {
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
            StatusWorkerConfig.ORPHANED_AFTER);
    AtomicInteger started = new AtomicInteger();
    this.instances =
        parts.with(
            new Instances(
                () ->
                    Scale.isProof()
                        ? ProcessInstance.start(
                            config,
                            logs.resolve(started.incrementAndGet() + ".log").toFile())
                        : HereInstance.start(config, clock),
                instances));
    patiently(SOON)
        // Until somebody joins there is no group.
        .ignoreException(ExecutionException.class)
        .until(() -> members() == instances);
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
   * @param pause between one that is killed and one that is stopped
   */
  void rage(List<Report> reports, Duration apart, Duration pause) throws InterruptedException {
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
      for (int i = 0; !isOver.await(pause.toNanos(), TimeUnit.NANOSECONDS); i++) {
        if (telling.isDone()) {
          throw new AssertionError("the runners have failed", telling.exceptionNow());
        }
        // Every second time one is killed, every fourth one ends in good order.
        if (i % 2 == 0) {
          instances.killOne();
        } else if (i % 4 == 1) {
          instances.stopOne();
        }
      }
      telling.cancel(false);
    }
  }

  private void tell(Report report) {
    Place place = places.get(report.status());
    String key = place.recordKey() + (random.nextInt(10) == 0 ? ":other" : "");
    topics.write(
        Topic.BUILD_STATE,
        key,
        report.json(place).encode().getBytes(UTF_8),
        Map.of("ce_id", report.mark()));
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
    return admin
        .describeConsumerGroups(List.of(GROUP))
        .describedGroups()
        .get(GROUP)
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
