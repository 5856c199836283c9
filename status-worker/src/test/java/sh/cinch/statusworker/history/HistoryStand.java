package sh.cinch.statusworker.history;

import static sh.cinch.database.status_worker.Tables.STATUS;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jooq.impl.DSL;
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
import sh.cinch.statusworker.history.Finding.Kind;
import sh.cinch.statusworker.statuses.WaitingStatuses;
import sh.cinch.testkit.FakeTokenService;
import sh.cinch.testkit.ShiftedClock;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TestServers;
import sh.cinch.testkit.TopicReader;
import sh.cinch.testkit.TopicWriter;

/**
 * What histories run on, many at once: a broker, a database, a Bitbucket, and instances that come
 * and go between them.
 */
final class HistoryStand implements AutoCloseable {

  private static final String GROUP = "status-worker";
  private static final String SECRET = "the status-worker's secret";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Of each repository's token; some of them come up against it. */
  private static final HourlyLimit LIMIT = new HourlyLimit(10, Duration.ofMinutes(1));

  private static final Duration BEYOND_A_CLAIM = Duration.ofSeconds(41);

  private final Running parts = new Running();
  private final ShiftedClock clock = new ShiftedClock();
  private final Vertx vertx = Vertx.vertx();
  private final Admin admin;
  private final TopicReader deadLetters;
  private final Instances instances;
  private int limited;
  final Database database;
  final SimulatedBitbucket bitbucket;
  final Wire wire;
  final FakeTokenService tokenService;
  final TopicWriter topics;
  final Producer<byte[], byte[]> producer;

  HistoryStand() {
    parts.with(() -> vertx.close().await());
    KafkaAccess kafka = parts.with(Broker.temporary()).access();
    sh.cinch.embedded.Database empty = TestServers.shared().freshDatabase();
    DatabaseSettings settings =
        new DatabaseSettings(empty.url(), empty.user(), Secret.of(empty.password()));
    database = parts.with(Database.open(settings));
    bitbucket = parts.with(SimulatedBitbucket.start());
    wire = parts.with(new Wire(bitbucket.url(), clock));
    tokenService = parts.with(new FakeTokenService(vertx, SECRET, bitbucket));
    topics = parts.with(new TopicWriter(kafka));
    producer =
        parts.with(
            new KafkaProducer<>(
                kafka.client(Map.of("enable.idempotence", true)),
                new ByteArraySerializer(),
                new ByteArraySerializer()));
    admin = parts.with(Admin.create(kafka.client(Map.of())));
    deadLetters = parts.with(new TopicReader(kafka, List.of(Topic.DEAD_LETTER)));
    instances =
        parts.with(
            new Instances(
                bitbucketUrl ->
                    new StatusWorkerConfig(
                        Listen.onLoopback(),
                        new KafkaSettings(
                            kafka.bootstrapServers(), Optional.of(kafka.properties())),
                        settings,
                        tokenService.url(),
                        Secret.of(SECRET),
                        Site.bitbucketCloud(bitbucketUrl, bitbucketUrl),
                        LIMIT,
                        RetentionDays.STATUSES.usual(),
                        RetentionDays.PUSHES.usual(),
                        StatusWorkerConfig.ORPHANED_AFTER,
                        StatusWorkerConfig.POSTS_AT_ONCE),
                wire,
                clock));
    instances.start();
    instances.start();
  }

  /** What became of some histories that ran together. */
  record Outcome(
      List<Finding> findings, int records, int statuses, int ambiguous, int posts, int excused) {}

  int rebalances() {
    return instances.rebalances();
  }

  int kills() {
    return instances.kills();
  }

  /** How many statuses waited for the limit, at most at once. */
  int limited() {
    return limited;
  }

  /** Runs them all at once, to their end. */
  Outcome run(LongStream seeds, String statusIdentity) throws InterruptedException {
    return run(seeds.mapToObj(seed -> new History(seed, this)).toList(), statusIdentity);
  }

  Outcome run(List<History> histories, String statusIdentity) throws InterruptedException {
    bitbucket.identifyStatusesBy(statusIdentity);
    Random random = new Random(histories.getFirst().seed());
    while (histories.stream().anyMatch(history -> !history.isOver())) {
      histories.forEach(history -> history.go(random.nextInt(6)));
      producer.flush();
      wire.awaitProgress(histories.size(), Duration.ofMillis(random.nextInt(100)));
      happen(random);
    }
    List<Finding> findings = new ArrayList<>();
    if (!settle()) {
      findings.add(stuck(histories));
    }
    return audited(histories, findings);
  }

  /** What befalls all of them together. */
  private void happen(Random random) throws InterruptedException {
    limited = Math.max(limited, new WaitingStatuses(clock).count(database.sql()));
    switch (random.nextInt(10)) {
      case 0 -> instances.change(random);
      case 1, 2 -> {
        // Longer than any claim: others take over what those hold who stand still.
        wire.advance(BEYOND_A_CLAIM);
        wire.awaitProgress(20, Duration.ofMillis(700));
        wire.resume();
      }
      case 3 -> outage(random);
      default -> wire.advance(Duration.ofMillis(100 + random.nextInt(6_000)));
    }
  }

  /** Everything is answered 404, perhaps for longer than any commit is waited for. */
  private void outage(Random random) throws InterruptedException {
    bitbucket.fault(Map.of("path", "/2.0/*", "kind", "status", "status", 404));
    for (int i = random.nextInt(8); i >= 0; i--) {
      wire.advance(Duration.ofSeconds(60 + random.nextInt(60)));
      wire.awaitProgress(20, Duration.ofMillis(random.nextInt(200)));
    }
    wire.betweenCalls(bitbucket::mend);
  }

  /** With nothing in its way any more, until nothing is left to do. */
  private boolean settle() throws InterruptedException {
    bitbucket.mend();
    wire.mend();
    instances.settle();
    Instant until = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(until)) {
      // A claim that is acted upon is due at its end, and who lost one may want it done again.
      wire.awaitStill();
      Instant now = clock.instant();
      Instant last =
          database.sql().select(DSL.max(STATUS.DUE_AT)).from(STATUS).fetchOne(0, Instant.class);
      if (isLagging() || database.sql().fetchExists(STATUS, STATUS.DUE_AT.le(now))) {
        wire.awaitProgress(10, Duration.ofMillis(50));
      } else if (last == null) {
        return true;
      } else {
        // All at once: nothing that is due waits for anything else.
        wire.advance(Duration.between(now, last).plusMillis(1));
      }
    }
    return false;
  }

  private boolean isLagging() {
    try {
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
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private Finding stuck(List<History> histories) {
    return new Finding(
        Kind.STUCK,
        histories.getFirst().seed(),
        "after %s of rest there is something to do yet".formatted(PATIENCE),
        database
            .sql()
            .selectFrom(STATUS)
            .where(STATUS.DUE_AT.isNotNull())
            .limit(5)
            .fetch()
            .format(5));
  }

  private Outcome audited(List<History> histories, List<Finding> findings)
      throws InterruptedException {
    Set<String> letters = new HashSet<>();
    deadLetters
        .records(Topic.DEAD_LETTER)
        .forEach(letter -> TopicReader.header(letter, "ce_id").ifPresent(letters::add));
    int records = 0;
    int statuses = 0;
    int ambiguous = 0;
    int posts = 0;
    int excused = 0;
    for (History history : histories) {
      history.taken();
      Audit audit = new Audit(history, this);
      findings.addAll(audit.findings());
      findings.addAll(letters(history, letters));
      records += history.told().size();
      statuses += audit.audited();
      ambiguous += audit.ambiguous();
      posts += audit.writes();
      excused += audit.excused();
    }
    return new Outcome(findings, records, statuses, ambiguous, posts, excused);
  }

  private static List<Finding> letters(History history, Set<String> letters) {
    List<Finding> findings = new ArrayList<>();
    history
        .poisons()
        .forEach(
            (event, value) -> {
              if (!letters.contains(event)) {
                findings.add(letter(history, "no dead letter of " + event, value));
              }
            });
    history
        .told()
        .forEach(
            told -> {
              if (letters.contains(told.mark()) && !history.poisons().containsKey(told.mark())) {
                findings.add(letter(history, "a dead letter of " + told, ""));
              }
            });
    return findings;
  }

  private static Finding letter(History history, String what, String story) {
    return new Finding(Kind.DEAD_LETTER, history.seed(), what, history + " " + story);
  }

  @Override
  public void close() {
    parts.close();
  }
}
