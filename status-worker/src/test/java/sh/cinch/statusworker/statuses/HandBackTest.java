package sh.cinch.statusworker.statuses;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.status_worker.Tables.REPORT;
import static sh.cinch.database.status_worker.Tables.STATUS;
import static sh.cinch.statusworker.statuses.Arrivals.NOON;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.database.status_worker.Tables;
import sh.cinch.database.status_worker.tables.records.CommitStatusRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.database.Database;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.statusworker.Stack;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.statuses.HandBack.Result;

/** Back to release 0.1.0 and forward again, on one database. */
class HandBackTest {

  private static final InstantSource CLOCK = InstantSource.fixed(NOON);

  @SuppressWarnings("NullAway.Init")
  private static Database database;

  private final Outbox outbox = new Outbox("status-worker");
  private final CommitStatuses statuses =
      new CommitStatuses(
          new StatusStates(outbox), new Outcomes(outbox, new SimpleMeterRegistry(), CLOCK), CLOCK);
  private final Arrivals arrivals = new Arrivals();
  private final Repository repository = Arrivals.repository();
  private final FormerRelease former =
      new FormerRelease(database.sql(), repository.id(), Arrivals.COMMIT, "unit");

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
    database.sql().truncate(STATUS, Tables.BUILD_REPORT, REPORT, Tables.COMMIT_STATUS).execute();
  }

  @Test
  void whatIsShownIsKnownThereAndPostedNowhereAgain() {
    record(arrival("a", "main", "1", State.SUCCESS, 1));
    deliver();
    assertThat(handBack()).isEqualTo(new Result(1, 0, 0, 0));

    assertThat(former.row())
        .returns("a", CommitStatusRecord::getEventId)
        .returns("a", CommitStatusRecord::getPostedEventId);
    assertThat(former.claims(NOON, NOON)).isNull();
    move();
    assertThat(row("refs/heads/main"))
        .returns(1L, StatusRecord::getWantedVersion)
        .returns(null, StatusRecord::getDueAt);
  }

  @Test
  void aLateStateCoversNothingThatOnlyThisReleaseHasRecorded() {
    former.records(arrival("a", "main", "1", State.PENDING, 0), NOON);
    move();
    record(arrival("b", "main", "1", State.SUCCESS, 2));
    assertThat(row("refs/heads/main")).returns(2L, StatusRecord::getWantedVersion);
    deliver();
    handBack();
    former.decides(arrival("c", "main", "1", State.RUNNING, 1), NOON);

    assertThat(former.row()).returns("b", CommitStatusRecord::getEventId);
    assertThat(former.claims(NOON, NOON)).isNull();
  }

  @Test
  void whatIsDueIsPostedThereAndOnlyThere() {
    record(arrival("a", "main", "1", State.SUCCESS, 1));
    assertThat(handBack()).isEqualTo(new Result(1, 1, 0, 0));

    assertThat(row("refs/heads/main")).returns(null, StatusRecord::getDueAt);
    assertThat(claims()).returns("a", CommitStatusRecord::getEventId);
  }

  @Test
  void whatIsDueAndNobodyPostsThereIsDueHereAgain() {
    record(arrival("a", "main", "1", State.SUCCESS, 1));
    handBack();
    move();

    assertThat(row("refs/heads/main"))
        .returns("a", StatusRecord::getEventId)
        .returns(NOON, StatusRecord::getDueAt);
    assertThat(former.claims(NOON, NOON)).isNull();
  }

  @Test
  void whatWaitsGoesOnWaiting() {
    record(arrival("a", "main", "1", State.SUCCESS, 1));
    database
        .sql()
        .update(STATUS)
        .set(STATUS.PROGRESS, "waiting")
        .set(STATUS.WAITING_FOR, "rate-limit")
        .set(STATUS.REASON, "429")
        .set(STATUS.ATTEMPTS, 3)
        .set(STATUS.DUE_AT, NOON.plusSeconds(60))
        .execute();
    handBack();

    assertThat(former.row())
        .returns("RATE_LIMIT", CommitStatusRecord::getWaitingFor)
        .returns("429", CommitStatusRecord::getLastReason)
        .returns(3, CommitStatusRecord::getAttempts)
        .returns(NOON.plusSeconds(60), CommitStatusRecord::getDueAt);
  }

  @Test
  void whatIsPostedThereMeanwhileIsShownHere() {
    record(arrival("a", "main", "1", State.RUNNING, 0));
    deliver();
    handBack();
    former.decides(arrival("b", "main", "1", State.SUCCESS, 1), NOON);
    former.settles(claims(), null, NOON);
    move();

    assertThat(row("refs/heads/main"))
        .returns("b", StatusRecord::getEventId)
        .returns(NOON, StatusRecord::getDueAt);
  }

  @Test
  void whatAnotherRefHasCoveredThereIsPostedHereAgain() {
    record(arrival("a", "main", "1", State.SUCCESS, 0));
    deliver();
    handBack();
    former.decides(arrival("b", "develop", "2", State.FAILURE, 1), NOON);
    former.settles(claims(), null, NOON);
    move();

    assertThat(row("refs/heads/main"))
        .returns("unit", StatusRecord::getShownKey)
        .returns("a", StatusRecord::getEventId)
        .returns(NOON, StatusRecord::getDueAt);
    assertThat(row("refs/heads/develop")).returns("b", StatusRecord::getEventId);
  }

  @Test
  void furtherRefsAreKnownThereAndWaitHere() {
    record(arrival("a", "main", "1", State.RUNNING, 0));
    record(arrival("b", "develop", "2", State.RUNNING, 1));
    assertThat(handBack()).isEqualTo(new Result(1, 1, 1, 0));

    assertThat(row("refs/heads/develop")).returns(NOON, StatusRecord::getDueAt);
    assertThat(database.sql().fetch(REPORT, REPORT.EVENT_ID.eq("b")))
        .singleElement()
        .satisfies(report -> assertThat(report.getRetired()).isTrue());
    former.decides(arrival("c", "main", "1", State.SUCCESS, 2), NOON);
    assertThat(former.row()).as("of its own ref").returns("c", CommitStatusRecord::getEventId);
  }

  @Test
  void whatWasRecordedThereAndNotYetTakenUpIsNotLost() {
    record(arrival("a", "main", "1", State.SUCCESS, 0));
    deliver();
    former.decides(arrival("b", "develop", "2", State.RUNNING, 1), NOON);
    handBack();

    assertThat(claims()).returns("b", CommitStatusRecord::getEventId);
    move();
    assertThat(row("refs/heads/develop")).returns("b", StatusRecord::getEventId);
    assertThat(row("refs/heads/main")).returns(NOON, StatusRecord::getDueAt);
  }

  @Test
  void runAgainItGoesOverWhatThisReleaseTouchedSince() {
    record(arrival("a", "main", "1", State.RUNNING, 0));
    deliver();
    handBack();
    CommitStatusRecord before = former.row();
    assertThat(handBack()).isEqualTo(new Result(0, 0, 0, 0));
    assertThat(former.row()).isEqualTo(before);

    record(arrival("b", "main", "1", State.SUCCESS, 2));
    assertThat(row("refs/heads/main")).returns(2L, StatusRecord::getWantedVersion);
    former.decides(arrival("c", "main", "1", State.RUNNING, 1), NOON);
    assertThat(former.claims(NOON, NOON)).as("it is this release's again").isNull();
    assertThat(handBack()).isEqualTo(new Result(1, 1, 0, 0));
    assertThat(claims()).returns("b", CommitStatusRecord::getEventId);
  }

  private static Result handBack() {
    return new HandBack(database, CLOCK).run();
  }

  private void move() {
    FormerStatus.keys(database.sql(), 1000)
        .forEach(key -> database.write(transaction -> statuses.move(transaction, repository, key)));
  }

  private void record(ReceivedBuildState arrival) {
    database.write(transaction -> statuses.record(transaction, List.of(arrival), FirstTurns.NONE));
  }

  /** As after a post. */
  private static void deliver() {
    database
        .sql()
        .update(STATUS)
        .setNull(STATUS.DUE_AT)
        .set(STATUS.PROGRESS, "delivered")
        .execute();
    database.sql().update(Tables.BUILD_REPORT).set(Tables.BUILD_REPORT.SETTLED, true).execute();
  }

  private CommitStatusRecord claims() {
    return Objects.requireNonNull(former.claims(NOON, NOON.plusSeconds(40)));
  }

  private ReceivedBuildState arrival(
      String event, @Nullable String ref, String number, State state, int second) {
    return arrivals.of(repository, event, ref, number, state, null, second);
  }

  private static StatusRecord row(String ref) {
    return database.sql().fetchSingle(STATUS, STATUS.REF.eq(ref));
  }
}
