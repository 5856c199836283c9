package sh.cinch.statusworker.statuses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sh.cinch.database.service.Tables.OUTBOX;
import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.COMMIT_STATUS;
import static sh.cinch.database.status_worker.Tables.REPORT;
import static sh.cinch.database.status_worker.Tables.STATUS;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.database.status_worker.tables.records.CommitStatusRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.forge.PostedStatus;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Room;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.statusworker.Stack;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.testkit.ManualClock;

/** Which statuses are orphans', and what becomes of their rows. */
class OrphansTest {

  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration MOMENT = Duration.ofSeconds(1);

  @SuppressWarnings("NullAway.Init")
  private static Database database;

  @SuppressWarnings("NullAway.Init")
  private static ConnectionDirectory connections;

  private final ManualClock clock = new ManualClock();
  private final CommitStatuses statuses =
      new CommitStatuses(
          new StatusStates(new Outbox("status-worker")),
          new Outcomes(new Outbox("status-worker"), new SimpleMeterRegistry(), clock),
          clock);
  private final Arrivals arrivals = new Arrivals();
  private final Repository repository = Stack.SHARED.connectedRepository();
  private final FormerRelease former =
      new FormerRelease(database.sql(), repository.id(), Arrivals.COMMIT, "unit");
  private Supplier<Optional<Instant>> recordedUntil = () -> Optional.of(clock.instant());
  private final OrphanWatch watch = watch();

  @BeforeAll
  static void open() {
    database = Stack.SHARED.emptyDatabase();
    connections = Stack.SHARED.connections();
  }

  @AfterAll
  static void close() {
    connections.close();
    database.close();
  }

  @BeforeEach
  void forget() {
    database.sql().truncate(STATUS, BUILD_REPORT, REPORT, COMMIT_STATUS, OUTBOX).execute();
  }

  @Test
  void aDayWithoutAWordMakesAnOrphan() {
    record(arrival("a", "1", State.RUNNING, 0));
    deliver();
    passes(DAY.minus(MOMENT));
    assertThat(row().getOrphanedAt()).isNull();
    passes(MOMENT);

    assertThat(row())
        .returns("a", StatusRecord::getEventId)
        .returns(clock.instant(), StatusRecord::getOrphanedAt)
        .returns(clock.instant(), StatusRecord::getDueAt)
        .returns("pending", StatusRecord::getProgress)
        .as("after what ends a build")
        .returns(false, StatusRecord::getIsFinal);
    assertThat(desired().orphan().map(Orphan::silence)).contains("24 hours");
    assertThat(database.sql().fetchCount(BUILD_REPORT)).isOne();
  }

  @Test
  void whatIsOverIsNone() {
    record(arrival("a", "1", State.RUNNING, 0), arrival("b", "1", State.CANCELLED, 1));
    deliver();
    passes(DAY.multipliedBy(3));
    assertThat(row())
        .returns(null, StatusRecord::getOrphanedAt)
        .returns(null, StatusRecord::getDueAt);
  }

  @Test
  void anyNewWordOfTheBuildBeginsTheDayAnew() {
    record(arrival("a", "1", State.RUNNING, 10));
    deliver();
    passes(DAY.minus(MOMENT));
    // Said before the other, and come after it.
    record(arrival("b", "1", State.PENDING, 5));
    assertThat(row()).returns("a", StatusRecord::getEventId).returns(null, StatusRecord::getDueAt);
    passes(DAY.minus(MOMENT));
    assertThat(row().getOrphanedAt()).isNull();
    // Nor is a word what had come before, or what another build says.
    record(arrival("b", "1", State.PENDING, 5), arrival("c", "0", State.RUNNING, 1));
    passes(MOMENT);
    assertThat(row()).returns("a", StatusRecord::getEventId);
    assertThat(row().getOrphanedAt()).isNotNull();
  }

  @Test
  void anOrphanThatSaysMoreIsNoneAnyMore() {
    record(arrival("a", "1", State.RUNNING, 10));
    deliver();
    passes(DAY);
    deliver();
    record(arrival("b", "1", State.PENDING, 5));
    assertThat(row())
        .returns("a", StatusRecord::getEventId)
        .returns(null, StatusRecord::getOrphanedAt)
        .returns(clock.instant(), StatusRecord::getDueAt);
    deliver();
    assertThat(outcomes())
        .containsExactly("a DELIVERED", "a DELIVERED: no word", "b SUPERSEDED", "a DELIVERED");
    passes(DAY);
    assertThat(row().getOrphanedAt()).isNotNull();
  }

  @Test
  void itIsToldOnceAlsoWhereItIsPostedAgain() {
    record(arrival("a", "1", State.RUNNING, 0));
    deliver();
    passes(DAY);
    watch.run();
    deliver();
    wantAgain();
    deliver();
    assertThat(outcomes()).containsExactly("a DELIVERED", "a DELIVERED: no word");
    assertThat(row().getWarnings())
        .containsExactly(
            "no word from the build for 24 hours: shown as stopped until it reports again");
  }

  @Test
  void ofAReportThatWaitedAllTheTimeNothingIsPostedAnyMore() {
    record(arrival("a", "1", State.RUNNING, 0));
    wait(Duration.ofDays(2));
    passes(DAY);
    assertThat(row())
        .returns(clock.instant(), StatusRecord::getOrphanedAt)
        .as("what holds it up holds on")
        .returns(clock.instant().plus(DAY), StatusRecord::getDueAt);
    passes(DAY);
    wait(DAY);
    record(arrival("b", "1", State.SUCCESS, 1));
    assertThat(outcomes()).containsExactly("a WAITING", "a SUPERSEDED: no word");
    assertThat(desired().orphan()).isEmpty();
  }

  @Test
  void whatFailedWasToldAndStays() {
    record(arrival("a", "1", State.RUNNING, 0));
    settle((rows, attempt) -> rows.gaveUp(attempt, OptionalInt.of(400), "no such commit"));
    passes(DAY.multipliedBy(2));
    assertThat(row())
        .returns(null, StatusRecord::getOrphanedAt)
        .returns("failed", StatusRecord::getProgress);
  }

  @Test
  void whatMayLieUnreadOnTheTopicIsWaitedFor() {
    record(arrival("a", "1", State.RUNNING, 0));
    deliver();
    Instant stalled = clock.instant().plus(DAY).minus(MOMENT);
    recordedUntil = () -> Optional.of(stalled);
    passes(DAY.multipliedBy(2));
    assertThat(row().getOrphanedAt()).isNull();
    recordedUntil = Optional::empty;
    passes(DAY);
    assertThat(row().getOrphanedAt()).isNull();
    recordedUntil = () -> Optional.of(stalled.plus(MOMENT));
    passes(MOMENT);
    assertThat(row().getOrphanedAt()).isNotNull();
  }

  @Test
  void onceWeOrKafkaAreBackRunnersHaveTimeToReport() {
    record(arrival("a", "1", State.RUNNING, 0));
    deliver();
    clock.advance(DAY.multipliedBy(2));
    OrphanWatch started = watch();
    started.run();
    assertThat(row().getOrphanedAt()).isNull();

    clock.advance(OrphanWatch.TIME_TO_REPORT.minus(MOMENT));
    recordedUntil =
        () -> {
          throw new IllegalStateException("Kafka is away");
        };
    assertThatThrownBy(started::run).hasMessage("Kafka is away");
    recordedUntil = () -> Optional.of(clock.instant());
    clock.advance(OrphanWatch.TIME_TO_REPORT.minus(MOMENT));
    started.run();
    assertThat(row().getOrphanedAt()).isNull();
    clock.advance(MOMENT);
    started.run();
    assertThat(row().getOrphanedAt()).isNotNull();
  }

  @Test
  void aStatusOf010IsWatchedFromTheTimeItIsMovedOver() {
    former.records(arrival("a", "1", State.RUNNING, 0), clock.instant());
    clock.advance(DAY);
    database.write(
        transaction ->
            statuses.move(transaction, repository, arrival("a", "1", State.RUNNING, 0).key()));
    deliver();
    passes(DAY.minus(MOMENT));
    assertThat(row().getOrphanedAt()).isNull();
    passes(MOMENT);
    assertThat(row().getOrphanedAt()).isNotNull();
  }

  @Test
  void aWordThatOnlyRelease010HasRecordedCounts() {
    record(arrival("a", "1", State.RUNNING, 0));
    deliver();
    handBack();
    former.decides(arrival("b", "1", State.SUCCESS, 1), clock.instant());
    passes(DAY);
    assertThat(row())
        .returns("b", StatusRecord::getEventId)
        .returns(null, StatusRecord::getOrphanedAt);
  }

  @Test
  void anOrphanThatIsHandedBackIsPostedThereByNobodyAndFoundAgain() {
    record(arrival("a", "1", State.RUNNING, 0));
    deliver();
    passes(DAY);
    handBack();
    assertThat(former.row())
        .returns("a", CommitStatusRecord::getEventId)
        .returns(null, CommitStatusRecord::getDueAt);
    assertThat(row())
        .returns(null, StatusRecord::getOrphanedAt)
        .returns(null, StatusRecord::getDueAt);
    passes(MOMENT);
    assertThat(row())
        .returns(clock.instant(), StatusRecord::getOrphanedAt)
        .returns(clock.instant(), StatusRecord::getDueAt);
  }

  @Test
  void theLongestWaitIsThatOfWhatIsNotShownYet() {
    assertThat(statuses.longestWait(database.sql())).isZero();
    record(arrival("a", "1", State.RUNNING, 0));
    clock.advance(Duration.ofMinutes(5));
    assertThat(statuses.longestWait(database.sql())).isEqualTo(Duration.ofMinutes(5));
    deliver();
    wantAgain();
    assertThat(statuses.backlog(database.sql())).isOne();
    assertThat(statuses.longestWait(database.sql())).isZero();
    deliver();
    passes(DAY);
    clock.advance(Duration.ofMinutes(1));
    assertThat(statuses.longestWait(database.sql())).isEqualTo(Duration.ofMinutes(1));
  }

  private OrphanWatch watch() {
    return new OrphanWatch(
        database,
        statuses,
        connections,
        () -> recordedUntil.get(),
        DAY,
        clock,
        new SimpleMeterRegistry(),
        () -> {});
  }

  private void passes(Duration time) {
    clock.advance(time);
    watch.run();
  }

  private void record(ReceivedBuildState... batch) {
    database.write(transaction -> statuses.record(transaction, List.of(batch), FirstTurns.NONE));
  }

  private void handBack() {
    new HandBack(database, clock).run();
  }

  private StatusClaim claim() {
    return statuses
        .claim(database.sql(), new Room(1000, List.of(), UUID::toString), Duration.ofSeconds(40))
        .getFirst();
  }

  private void settle(BiConsumer<EndedAttempts, StatusAttempt> how) {
    StatusClaim claim = claim();
    StatusAttempt attempt =
        new StatusAttempt(claim, claim.desired(), repository, List.of(), claim.postedBy(), true);
    database.write(
        transaction ->
            statuses.settle(transaction, List.of(attempt), rows -> how.accept(rows, attempt)));
  }

  private void wantAgain() {
    StatusRecord row = row();
    StatusRows.wantAgain(row, clock.instant(), clock.instant());
    int unused = database.sql().executeUpdate(row);
  }

  private void deliver() {
    settle(
        (rows, attempt) ->
            rows.posted(
                attempt,
                new PostedStatus(
                    attempt.claim().status().shownKey(), "x", Optional.empty(), List.of()),
                200,
                MOMENT));
  }

  /** What is due cannot be posted for so long. */
  private void wait(Duration time) {
    settle(
        (rows, attempt) ->
            rows.later(
                attempt,
                WaitingFor.AUTHORIZATION,
                OptionalInt.of(401),
                "authorize again",
                clock.instant().plus(time)));
  }

  private DesiredStatus desired() {
    return statuses.desired(database.sql(), StatusId.of(row()));
  }

  private StatusRecord row() {
    return database.sql().fetchSingle(STATUS);
  }

  private List<String> outcomes() {
    return database
        .sql()
        .selectFrom(OUTBOX)
        .where(OUTBOX.TOPIC.eq(Topic.OUTCOME.name()))
        .orderBy(OUTBOX.ID)
        .fetch(row -> said(EventJson.read(row.getValue(), Outcome.class)));
  }

  private static String said(EventJson.Reading<Outcome> reading) {
    return switch (reading) {
      case EventJson.Reading.Good<Outcome>(Outcome outcome) ->
          outcome.causedBy()
              + " "
              + outcome.result()
              + (String.valueOf(outcome.reason()).startsWith("no word") ? ": no word" : "");
      case EventJson.Reading.Bad<Outcome>(String reason) -> reason;
    };
  }

  private ReceivedBuildState arrival(
      String event, @Nullable String number, State state, int second) {
    return arrivals.of(repository, event, null, number, state, null, second);
  }
}
