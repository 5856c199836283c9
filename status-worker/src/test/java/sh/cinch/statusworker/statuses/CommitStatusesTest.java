package sh.cinch.statusworker.statuses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.service.Tables.OUTBOX;
import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.STATUS;
import static sh.cinch.statusworker.statuses.Arrivals.NOON;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.PostedStatus;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.ForgeRequest;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.schema.status.StatusKey;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.ClaimState;
import sh.cinch.service.due.Room;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.statusworker.Stack;
import sh.cinch.statusworker.disconnections.DisconnectionIntake;
import sh.cinch.statusworker.outcome.Outcomes;

/** The rules, as they hold in the database. */
class CommitStatusesTest {

  private static final InstantSource CLOCK = InstantSource.fixed(NOON);
  private static final UUID FIRST = UUID.randomUUID();
  private static final UUID SECOND = UUID.randomUUID();
  private static final ForgeRequest POST = new ForgeRequest(NOON, "POST", 201, 7, "r1");

  @SuppressWarnings("NullAway.Init")
  private static Database database;

  private final Outbox outbox = new Outbox("status-worker");
  private final CommitStatuses statuses =
      new CommitStatuses(
          new StatusStates(outbox), new Outcomes(outbox, new SimpleMeterRegistry(), CLOCK), CLOCK);
  private final Arrivals arrivals = new Arrivals();
  private final Repository repository = Arrivals.repository();

  @BeforeAll
  static void open() {
    database = Stack.SHARED.emptyDatabase();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void forget() {
    database.sql().truncate(OUTBOX).execute();
  }

  @Test
  void everyOrderOfArrivalEndsInTheSameRow() {
    List<ReceivedBuildState> arrivals =
        List.of(
            arrival("a", "1", State.RUNNING, null, 1),
            arrival("b", "1", State.SUCCESS, 2L, 2),
            arrival("c", "1", State.RUNNING, 3L, 5),
            arrival("d", "2", State.RUNNING, null, 3),
            arrival("e", "2", State.FAILURE, null, 0));
    for (List<ReceivedBuildState> order : Permutations.of(arrivals)) {
      Repository fresh = Arrivals.repository();
      order.forEach(arrival -> record(of(fresh, arrival)));
      assertThat(row(fresh).getEventId()).as("%s", order).isEqualTo("b");
    }
  }

  @Test
  void aBatchRecordedTwiceIsAsRecordedOnce() {
    List<ReceivedBuildState> batch =
        List.of(
            arrival("a", "1", State.SUCCESS, null, 1), arrival("b", "1", State.RUNNING, null, 2));
    record(batch.toArray(ReceivedBuildState[]::new));
    StatusRecord once = row(repository);
    database.write(
        transaction ->
            assertThat(statuses.record(transaction, batch, FirstTurns.NONE).values())
                .allSatisfy(meaning -> assertThat(meaning).isEqualTo(new ReportResult.Repeated())));
    assertThat(row(repository)).isEqualTo(once);
    assertThat(outcomes()).containsExactly("b SUPERSEDED");
  }

  @Test
  void onlyWhatIsWantedMakesTheRowDue() {
    record(arrival("a", "1", State.SUCCESS, null, 1));
    StatusClaim claim = claim();
    settled(claim);
    record(arrival("b", "1", State.RUNNING, null, 2));
    assertThat(row(repository).getDueAt()).isNull();
    record(arrival("c", "1", State.FAILURE, null, 3));
    assertThat(row(repository).getDueAt()).isEqualTo(NOON);
  }

  @Test
  void aNewerStateWaitsUntilTheRequestUnderWayHasEnded() {
    record(arrival("a", "1", State.RUNNING, null, 1));
    StatusClaim claim = claim();
    DesiredStatus attempted = statuses.desired(database.sql(), claim.status());
    record(arrival("b", "1", State.SUCCESS, null, 2));
    assertThat(row(repository).getDueAt()).isEqualTo(claim.until());
    assertThat(state(claim, attempted)).isEqualTo(ClaimState.OVERTAKEN);
    assertThat(statuses.desired(database.sql(), claim.status()).record().eventId()).isEqualTo("b");
  }

  @Test
  void aLateAnswerMakesWhatOthersPostedDueOnceMore() {
    record(arrival("a", "1", State.SUCCESS, null, 1));
    StatusClaim slow = claim();
    DesiredStatus attempted = statuses.desired(database.sql(), slow.status());
    database
        .sql()
        .update(STATUS)
        .set(STATUS.DUE_AT, NOON)
        .where(STATUS.REPOSITORY_ID.eq(repository.id()))
        .execute();
    StatusClaim other = claim();
    DesiredStatus posting = statuses.desired(database.sql(), other.status());
    assertThat(state(slow, attempted)).isEqualTo(ClaimState.LOST);
    settle(attempt(slow), rows -> rows.wantAgain(slow.status(), NOON));
    assertThat(state(other, posting)).isEqualTo(ClaimState.OVERTAKEN);
    assertThat(settled(other)).isTrue();
    assertThat(settled(other)).as("told once").isFalse();
  }

  @Test
  void byWhatItMayHaveBeenPostedIsKnownBeforeTheFirstRequest() {
    record(arrival("a", "1", State.RUNNING, null, 1));
    StatusClaim killed = claim();
    assertThat(killed.postedBy()).isEmpty();
    assertThat(begin(killed, FIRST))
        .singleElement()
        .extracting(StatusClaim::begunWith)
        .isEqualTo(Optional.of(FIRST));
    assertThat(claimAgain().postedBy()).contains(FIRST);
    assertThat(begin(killed, SECOND)).as("nobody's any more").isEmpty();
  }

  @Test
  void whoPostedWhatIsOvertakenByNowIsKnownToo() {
    record(arrival("a", "1", State.RUNNING, null, 1));
    StatusClaim claim = claim();
    var unused = begin(claim, FIRST);
    StatusAttempt attempt =
        new StatusAttempt(
            claim,
            statuses.desired(database.sql(), claim.status()),
            repository,
            List.of(POST),
            Optional.of(SECOND),
            false);
    settle(attempt, rows -> rows.release(attempt, NOON));
    assertThat(claim().postedBy()).contains(SECOND);
  }

  @Test
  void whoSurelyWroteNothingIsNotRemembered() {
    record(arrival("a", "1", State.RUNNING, null, 1));
    StatusClaim refused = claim();
    var unused = begin(refused, FIRST);
    StatusAttempt limited = attempt(refused);
    settle(
        limited,
        rows -> rows.later(limited, WaitingFor.RATE_LIMIT, OptionalInt.of(429), "limit", NOON));
    StatusClaim overtaken = claim();
    assertThat(overtaken.postedBy()).isEmpty();
    var unusedAgain = begin(overtaken, FIRST);
    StatusAttempt late = attempt(overtaken);
    settle(late, rows -> rows.release(late, NOON));
    assertThat(row(repository).getPostedBy()).isNull();
  }

  @Test
  void anOldDisconnectionEndsNothingThatWasReportedSince() {
    record(arrival("a", "1", State.RUNNING, null, 1));
    disconnected(NOON.minusMillis(1));
    assertThat(outcomes()).isEmpty();
    assertThat(row(repository)).returns(NOON, StatusRecord::getDueAt);
    disconnected(NOON);
    assertThat(outcomes()).containsExactly("a FAILED");
    assertThat(row(repository)).returns(null, StatusRecord::getDueAt);
  }

  @Test
  void aDisconnectionDuringARequestIsToldOnce() {
    record(arrival("a", "1", State.SUCCESS, null, 1));
    StatusClaim posting = claim();
    disconnected(NOON);
    settle(attempt(posting), rows -> rows.wantAgain(posting.status(), NOON));
    StatusClaim again = claim();
    StatusAttempt last = attempt(again);
    settle(last, rows -> rows.gaveUp(last, OptionalInt.empty(), "it is not connected"));
    assertThat(outcomes()).containsExactly("a FAILED");
  }

  @Test
  void aRequestOfUnknownEndIsWaitedForAfterADisconnectionToo() {
    record(arrival("a", "1", State.RUNNING, null, 1));
    StatusAttempt unanswered = attempt(claim());
    Instant landed = NOON.plus(ForgeResult.MAY_STILL_LAND);
    settle(
        unanswered,
        rows ->
            rows.later(
                unanswered,
                WaitingFor.BITBUCKET,
                OptionalInt.empty(),
                "no answer",
                landed.plusSeconds(60)));
    disconnected(NOON);
    disconnected(NOON);
    assertThat(outcomes()).containsExactly("a WAITING", "a FAILED");
    assertThat(row(repository)).returns(landed, StatusRecord::getDueAt);

    record(arrival("b", "1", State.SUCCESS, null, 2));
    assertThat(row(repository))
        .returns("b", StatusRecord::getEventId)
        .returns(landed, StatusRecord::getDueAt);
  }

  @Test
  void anOrphanThatIsShownAsStoppedEndedBefore() {
    record(arrival("a", "1", State.RUNNING, null, 1));
    settled(claim());
    database
        .sql()
        .update(STATUS)
        .set(STATUS.ORPHANED_AT, NOON)
        .where(STATUS.REPOSITORY_ID.eq(repository.id()))
        .execute();
    disconnected(NOON);
    assertThat(outcomes()).containsExactly("a DELIVERED");
  }

  @Test
  void aKeyIsLeftForOneThatNoOtherStatusOfTheCommitHas() {
    record(arrival("a", "1", State.RUNNING, null, 1));
    StatusClaim left = claim();
    String own = StatusKey.further("unit", "");
    insertStatus(own);
    StatusClaim taken =
        database.transaction(
            transaction -> statuses.leaveKey(transaction, left, SECOND).orElseThrow());
    assertThat(taken.status().shownKey()).isEqualTo(StatusKey.further("unit", "\0"));
    assertThat(taken.postedBy()).contains(SECOND);
    assertThat(state(left, statuses.desired(database.sql(), taken.status())))
        .isEqualTo(ClaimState.LOST);

    StatusClaim back =
        database.transaction(transaction -> statuses.goBackToKey(transaction, left, taken));
    assertThat(state(back, statuses.desired(database.sql(), back.status())))
        .isEqualTo(ClaimState.CURRENT);
    assertThat(back.status().shownKey()).isEqualTo("unit");
    assertThat(claimAgain().row().getLeftKeys()).isEmpty();
    assertThat(
            database.<Optional<StatusClaim>>transaction(
                transaction -> statuses.leaveKey(transaction, back, SECOND)))
        .as("nobody's any more")
        .isEmpty();
  }

  @Test
  void noTwoStatusesOfACommitHaveOneKeyOnTheForge() {
    insertStatus("unit");
    String own = StatusKey.further("unit", "");
    record(
        arrival("a", "1", State.RUNNING, null, 1),
        ofKey(own, arrival("b", "1", State.RUNNING, null, 1)));
    assertThat(
            database
                .sql()
                .selectFrom(STATUS)
                .where(STATUS.REPOSITORY_ID.eq(repository.id()))
                .fetchMap(STATUS.SHOWN_KEY, StatusRecord::getStatusKey))
        .containsOnly(
            entry("unit", "another program's"),
            entry(own, own),
            entry(StatusKey.further("unit", "\0"), "unit"));
  }

  private static ReceivedBuildState ofKey(String key, ReceivedBuildState other) {
    BuildState build = other.build();
    return new ReceivedBuildState(
        other.repository(),
        new BuildState(
            build.repository(),
            build.commit(),
            build.ref(),
            key,
            build.name(),
            build.number(),
            build.state(),
            build.description(),
            build.url(),
            build.sequence(),
            build.occurredAt(),
            build.deliveryId(),
            build.pushId()),
        other.record());
  }

  /** Of another key of the commit. */
  private void insertStatus(String shownKey) {
    database
        .sql()
        .execute(
            """
            insert into status_worker.status
              (repository_id, commit_hash, shown_key, status_key, ref, event_id, wanted_since, progress, changed_at)
            values (?, ?, ?, 'another program''s', '', 'x', now(), 'delivered', now())
            """,
            repository.id(),
            Arrivals.COMMIT,
            shownKey);
  }

  @Test
  void aBuildGetsTheStatusBackWithWhatItSaid() {
    record(arrival("a", "1", State.SUCCESS, null, 2));
    settled(claim());
    record(arrival("b", "2", State.RUNNING, null, 3));
    settled(claim());
    record(arrival("c", "2", State.RUNNING, null, 1));
    StatusClaim claim = claim();
    assertThat(statuses.desired(database.sql(), claim.status()).record().eventId()).isEqualTo("a");
    assertThat(settled(claim)).as("told again").isTrue();
    assertThat(outcomes())
        .containsExactly("a DELIVERED", "b DELIVERED", "c SUPERSEDED", "a DELIVERED");
  }

  @Test
  void aClockThatRunsAheadCountsAsTheBrokersTime() {
    record(arrival("a", "", State.RUNNING, null, 301));
    record(arrival("b", "", State.SUCCESS, null, 1));
    assertThat(row(repository).getEventId()).isEqualTo("b");
    record(arrival("c", "", State.RUNNING, null, 300));
    record(arrival("d", "", State.SUCCESS, null, 299));
    assertThat(row(repository).getEventId()).isEqualTo("c");
  }

  @Test
  void whatCanNeverBeWantedIsDroppedButStillKnown() {
    ReceivedBuildState[] progress = new ReceivedBuildState[50];
    for (int i = 0; i < progress.length; i++) {
      progress[i] = arrival("p" + i, "1", State.RUNNING, null, i);
      record(progress[i]);
    }
    assertThat(
            database
                .sql()
                .fetchCount(
                    BUILD_REPORT,
                    BUILD_REPORT
                        .REPOSITORY_ID
                        .eq(repository.id())
                        .and(BUILD_REPORT.RECORD_VALUE.isNotNull())))
        .isEqualTo(2);
    assertThat(record(progress[20])).isEqualTo(new ReportResult.Repeated());
    assertThat(outcomes()).hasSize(49);
  }

  @Test
  void instancesThatRecordTheSameStatusesAtOnceAgree() throws Exception {
    List<Repository> repositories =
        List.of(Arrivals.repository(), Arrivals.repository(), Arrivals.repository());
    // No more than there are connections, or the last may wait longer than a pool lets them.
    try (var instances = Executors.newFixedThreadPool(6)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        ReceivedBuildState state =
            arrival("e" + i, "1", i == 7 ? State.SUCCESS : State.RUNNING, null, i);
        List<Repository> order = i % 2 == 0 ? repositories : repositories.reversed();
        ReceivedBuildState[] batch =
            order.stream().map(one -> of(one, state)).toArray(ReceivedBuildState[]::new);
        running.add(instances.submit(() -> record(batch)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
    assertThat(repositories).allSatisfy(one -> assertThat(row(one).getEventId()).isEqualTo("e7"));
  }

  @Test
  void whatIsDeliveredWhileANewerStateIsRecordedIsNotToldTwice() throws Exception {
    record(arrival("a", "1", State.RUNNING, null, 1));
    StatusClaim claim = claim();
    StatusAttempt attempt = attempt(claim);
    ReceivedBuildState newer = arrival("b", "1", State.SUCCESS, null, 2);
    try (var other = Executors.newSingleThreadExecutor()) {
      List<Future<ReportResult>> recording = new ArrayList<>();
      settle(
          attempt,
          rows -> {
            assertThat(rows.state(attempt)).isEqualTo(ClaimState.CURRENT);
            recording.add(other.submit(() -> record(newer)));
            await().until(CommitStatusesTest::isAnyoneWaiting);
            rows.posted(
                attempt,
                new PostedStatus(
                    claim.status().shownKey(), "INPROGRESS", Optional.empty(), List.of()),
                201,
                Duration.ofSeconds(1));
          });
      assertThat(recording.getFirst().get()).isEqualTo(new ReportResult.Newer());
    }
    assertThat(outcomes()).containsExactly("a DELIVERED");
  }

  /** For a lock that another transaction has. */
  private static boolean isAnyoneWaiting() {
    return database
            .sql()
            .fetchSingle(
                "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and wait_event_type = 'Lock'")
            .get(0, Long.class)
        > 0;
  }

  private ReportResult record(ReceivedBuildState... batch) {
    return database.transaction(
        transaction ->
            statuses
                .record(transaction, List.of(batch), FirstTurns.NONE)
                .getOrDefault(batch[0].record().eventId(), new ReportResult.Repeated()));
  }

  private StatusClaim claim() {
    return statuses
        .claim(database.sql(), new Room(1000, List.of(), UUID::toString), Duration.ofSeconds(40))
        .stream()
        .filter(claim -> claim.status().repository().equals(repository.id()))
        .findFirst()
        .orElseThrow();
  }

  /** As another does once the claim has run out. */
  private StatusClaim claimAgain() {
    database
        .sql()
        .update(STATUS)
        .set(STATUS.DUE_AT, NOON)
        .where(STATUS.REPOSITORY_ID.eq(repository.id()).and(STATUS.DUE_AT.isNotNull()))
        .execute();
    return claim();
  }

  private void disconnected(Instant since) {
    Incoming record =
        new Incoming(
            new ConsumerRecord<>(
                Topic.CONNECTION.name(),
                0,
                0,
                new byte[0],
                EventJson.write(
                    new ConnectionEvent(
                        repository,
                        null,
                        List.of(),
                        ConnectionEvent.State.DISCONNECTED,
                        null,
                        null,
                        since))));
    var unused = new DisconnectionIntake(database, statuses, () -> {}).read(record);
  }

  /** Ended; it surely has written nothing. */
  private StatusAttempt attempt(StatusClaim claim) {
    return new StatusAttempt(
        claim,
        statuses.desired(database.sql(), claim.status()),
        repository,
        List.of(POST),
        Optional.empty(),
        false);
  }

  /** Whether that was told. */
  private boolean settled(StatusClaim claim) {
    int before = outcomes().size();
    StatusAttempt attempt = attempt(claim);
    settle(
        attempt,
        rows ->
            rows.posted(
                attempt,
                new PostedStatus(
                    claim.status().shownKey(), "SUCCESSFUL", Optional.of("{ada}"), List.of()),
                201,
                Duration.ofSeconds(1)));
    return outcomes().size() > before;
  }

  private void settle(StatusAttempt attempt, Consumer<EndedAttempts> how) {
    database.write(transaction -> statuses.settle(transaction, List.of(attempt), how));
  }

  private List<StatusClaim> begin(StatusClaim claim, UUID credential) {
    return statuses.begin(database.sql(), Map.of(claim, credential));
  }

  private ClaimState state(StatusClaim claim, DesiredStatus attempted) {
    AtomicReference<ClaimState> state = new AtomicReference<>();
    StatusAttempt attempt =
        new StatusAttempt(claim, attempted, repository, List.of(POST), Optional.empty(), false);
    settle(attempt, rows -> state.set(rows.state(attempt)));
    return Objects.requireNonNull(state.get());
  }

  private StatusRecord row(Repository of) {
    return database.sql().fetchSingle(STATUS, STATUS.REPOSITORY_ID.eq(of.id()));
  }

  private List<String> outcomes() {
    return database
        .sql()
        .selectFrom(OUTBOX)
        .where(OUTBOX.TOPIC.eq(Topic.OUTCOME.name()))
        .orderBy(OUTBOX.ID)
        .fetch()
        .stream()
        .map(row -> EventJson.read(row.getValue(), Outcome.class))
        .map(
            reading ->
                switch (reading) {
                  case EventJson.Reading.Good<Outcome>(Outcome outcome) ->
                      outcome.causedBy() + " " + outcome.result();
                  case EventJson.Reading.Bad<Outcome>(String reason) -> reason;
                })
        .toList();
  }

  private ReceivedBuildState arrival(
      String event, String number, State state, @Nullable Long sequence, int second) {
    return arrivals.of(repository, event, null, number, state, sequence, second);
  }

  private static ReceivedBuildState of(Repository repository, ReceivedBuildState arrival) {
    return new ReceivedBuildState(repository, arrival.build(), arrival.record());
  }
}
