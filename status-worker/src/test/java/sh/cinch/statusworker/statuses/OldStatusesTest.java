package sh.cinch.statusworker.statuses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.COMMIT_STATUS;
import static sh.cinch.database.status_worker.Tables.PUSH;
import static sh.cinch.database.status_worker.Tables.REPORT;
import static sh.cinch.database.status_worker.Tables.STATUS;
import static sh.cinch.statusworker.statuses.Arrivals.NOON;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.database.status_worker.tables.records.PushRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.secret.Secret;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.pushes.PushIntake;
import sh.cinch.testkit.TestServers;

/** What nothing was heard of for its days goes, and nothing else. */
class OldStatusesTest {

  private static final Instant LATER = NOON.plus(Duration.ofDays(101));
  private static final Instant BEFORE = LATER.minus(Duration.ofDays(100));

  @SuppressWarnings("NullAway.Init")
  private static Database database;

  private Instant now = NOON;
  private final Outbox outbox = new Outbox("status-worker");
  private final CommitStatuses statuses =
      new CommitStatuses(
          new StatusStates(outbox),
          new Outcomes(outbox, new SimpleMeterRegistry(), () -> now),
          () -> now);
  private final OldStatuses old = new OldStatuses(() -> now);
  private final Arrivals arrivals = new Arrivals();
  private final Repository repository = Arrivals.repository();

  @BeforeAll
  static void open() {
    var postgres = TestServers.shared().freshDatabase();
    database =
        Database.open(
            new DatabaseSettings(postgres.url(), postgres.user(), Secret.of(postgres.password())));
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void empty() {
    for (Table<?> table : List.of(STATUS, BUILD_REPORT, COMMIT_STATUS, REPORT, PUSH)) {
      database.sql().truncate(table).execute();
    }
  }

  @Test
  void whatIsOldGoesInBatchesWithAllItsReports() {
    for (int i = 0; i < 25; i++) {
      Repository one = Arrivals.repository();
      record(one, arrival("a", "main", State.RUNNING, 1), arrival("b", "dev", State.SUCCESS, 2));
    }
    nothingIsDue();

    assertThat(delete(20)).isGreaterThanOrEqualTo(20).isLessThan(60);
    assertThat(database.sql().fetchCount(BUILD_REPORT)).isBetween(20, 40);
    deleteAll(20);

    assertThat(database.sql().fetchCount(BUILD_REPORT)).isZero();
    assertThat(database.sql().fetchCount(STATUS)).isZero();
  }

  @Test
  void whatIsDueStaysWithAllThatIsOfItsKey() {
    record(repository, arrival("a", "main", State.SUCCESS, 1));
    nothingIsDue();
    record(repository, arrival("b", "dev", State.SUCCESS, 1));

    assertThat(delete(100)).isZero();
    nothingIsDue();
    assertThat(delete(100)).isEqualTo(4);
  }

  @Test
  void whatWasChangedLatelyStaysWithAllThatIsOfItsKey() {
    record(repository, arrival("a", "main", State.SUCCESS, 1));
    now = BEFORE;
    record(repository, arrival("b", "dev", State.SUCCESS, 1));
    nothingIsDue();

    assertThat(delete(100)).isZero();
    now = BEFORE.minusMillis(1);
    database.sql().update(STATUS).set(STATUS.CHANGED_AT, now).execute();
    assertThat(delete(100)).isEqualTo(4);
  }

  @Test
  void whatWasReportedLatelyStaysWithAllThatIsOfItsKey() {
    record(
        repository, arrival("a", "main", State.SUCCESS, 1), arrival("b", null, State.RUNNING, 0));
    nothingIsDue();
    database
        .sql()
        .update(BUILD_REPORT)
        .set(BUILD_REPORT.RECORDED_AT, BEFORE)
        .where(BUILD_REPORT.EVENT_ID.eq("b"))
        .execute();

    assertThat(delete(100)).isZero();
    assertThat(database.sql().fetchCount(BUILD_REPORT)).isEqualTo(2);
  }

  @Test
  void reportsWithoutAStatusGoToo() {
    record(repository, arrival("a", "main", State.SUCCESS, 1));
    database.sql().truncate(STATUS).execute();

    assertThat(delete(100)).isEqualTo(1);
  }

  @Test
  void whatReleaseBeforeHadOfItGoesOnceItWasMovedOver() {
    FormerRelease former =
        new FormerRelease(database.sql(), repository.id(), Arrivals.COMMIT, "unit");
    former.records(arrival("a", "main", State.SUCCESS, 1), NOON);
    database.write(
        sql ->
            statuses.move(
                sql, repository, new CommitKey(repository.id(), Arrivals.COMMIT, "unit")));
    nothingIsDue();
    former.records(arrival("b", "main", State.SUCCESS, 2), NOON);

    assertThat(delete(100)).as("not all is moved").isZero();
    assertThat(database.sql().fetchCount(REPORT)).isEqualTo(2);
    database.write(
        sql ->
            statuses.move(
                sql, repository, new CommitKey(repository.id(), Arrivals.COMMIT, "unit")));
    nothingIsDue();

    assertThat(delete(100)).isEqualTo(3);
    assertThat(database.sql().fetchCount(COMMIT_STATUS)).isZero();
    assertThat(database.sql().fetchCount(REPORT)).isZero();
  }

  @Test
  void instancesAtOnceDeleteEverythingOnce() throws Exception {
    for (int i = 0; i < 60; i++) {
      record(Arrivals.repository(), arrival("a", "main", State.SUCCESS, 1));
    }
    nothingIsDue();

    List<Future<Integer>> instances = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        instances.add(threads.submit(() -> delete(1000)));
      }
    }
    int deleted = 0;
    for (Future<Integer> instance : instances) {
      deleted += instance.get();
    }

    assertThat(deleted).isEqualTo(120);
    assertThat(database.sql().fetchCount(STATUS)).isZero();
  }

  @Test
  void aReportThatComesWhileItsKeyIsToGoKeepsAll() throws Exception {
    record(repository, arrival("a", "main", State.RUNNING, 1));
    nothingIsDue();
    now = LATER;

    assertThat(deletedWhile(arrival("b", "dev", State.SUCCESS, 2))).isZero();

    assertThat(database.sql().fetchCount(BUILD_REPORT)).isEqualTo(2);
    assertThat(
            database
                .sql()
                .selectFrom(STATUS)
                .orderBy(STATUS.REF)
                .fetch(row -> row.getRef() + " " + row.getEventId() + " " + row.getDueAt()))
        .containsExactly("refs/heads/dev b " + LATER, "refs/heads/main a null");
  }

  @Test
  void evenOneThatChangesNothing() throws Exception {
    record(repository, arrival("a", "main", State.SUCCESS, 1));
    nothingIsDue();
    ReceivedBuildState superseded = arrival("b", "main", State.RUNNING, 0);
    Incoming record = superseded.record();

    assertThat(
            deletedWhile(
                new ReceivedBuildState(
                    repository,
                    superseded.build(),
                    Incoming.kept(
                        Topic.BUILD_STATE,
                        0,
                        99,
                        LATER,
                        record.key(),
                        record.value(),
                        record.headers()))))
        .isZero();

    assertThat(database.sql().fetchCount(BUILD_REPORT)).isEqualTo(2);
    assertThat(row().getEventId()).isEqualTo("a");
  }

  /** How many rows went while this was being recorded. */
  private int deletedWhile(ReceivedBuildState arrival) throws Exception {
    CompletableFuture<Integer> deleting = new CompletableFuture<>();
    database.write(
        transaction -> {
          statuses.record(transaction, List.of(arrival), FirstTurns.NONE);
          Thread.ofVirtual().start(() -> deleting.complete(delete(100)));
          await().until(OldStatusesTest::somebodyWaits);
        });
    return deleting.get();
  }

  @Test
  void aReportThatComesWhileItsKeyGoesBeginsAnew() throws Exception {
    record(repository, arrival("a", "main", State.RUNNING, 1));
    nothingIsDue();
    CountDownLatch recorded = new CountDownLatch(1);
    now = LATER;
    CommitKey key = new CommitKey(repository.id(), Arrivals.COMMIT, "unit");

    database.write(
        transaction -> {
          new StatusRows(transaction, key, now).lock();
          Thread.ofVirtual()
              .start(
                  () -> {
                    record(repository, arrival("b", "main", State.RUNNING, 2));
                    recorded.countDown();
                  });
          await().until(OldStatusesTest::somebodyWaits);
          assertThat(old.delete(transaction, key, BEFORE)).isEqualTo(2);
        });
    recorded.await();

    assertThat(row())
        .returns("b", StatusRecord::getEventId)
        .returns("unit", StatusRecord::getShownKey)
        .returns(1L, StatusRecord::getVersion)
        .returns(LATER, StatusRecord::getDueAt);
    assertThat(delete(100)).isZero();
  }

  @Test
  void pushesGoByTheirAge() {
    for (Instant receivedAt : List.of(BEFORE.minusMillis(1), BEFORE)) {
      database
          .sql()
          .executeInsert(
              new PushRecord(
                  UUID.randomUUID(), Arrivals.COMMIT, "refs/heads/main", "p", null, receivedAt));
    }

    assertThat(PushIntake.old().delete(database, BEFORE, 10)).isEqualTo(1);
    assertThat(database.sql().fetchSingle(PUSH).getReceivedAt()).isEqualTo(BEFORE);
  }

  private int delete(int most) {
    return old.delete(database, BEFORE, most);
  }

  private void deleteAll(int most) {
    boolean more = true;
    while (more) {
      more = delete(most) >= most;
    }
  }

  /** A transaction waits for a key's lock. */
  private static boolean somebodyWaits() {
    return database
        .sql()
        .fetchSingle(
            "select exists (select from pg_locks join pg_database on pg_database.oid = database"
                + " where not granted and datname = current_database())")
        .get(0, Boolean.class);
  }

  private void nothingIsDue() {
    database.sql().update(STATUS).setNull(STATUS.DUE_AT).execute();
  }

  private void record(Repository of, ReceivedBuildState... batch) {
    database.write(
        transaction ->
            statuses.record(
                transaction,
                IntStream.range(0, batch.length)
                    .mapToObj(i -> new ReceivedBuildState(of, batch[i].build(), batch[i].record()))
                    .toList(),
                FirstTurns.NONE));
  }

  private StatusRecord row() {
    return database.sql().fetchSingle(STATUS, STATUS.REPOSITORY_ID.eq(repository.id()));
  }

  private ReceivedBuildState arrival(String event, @Nullable String ref, State state, int second) {
    return arrivals.of(repository, event, ref, "1", state, null, second);
  }
}
