package sh.cinch.statusworker.post;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.status_worker.Tables.STATUS;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.PostedStatus;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.event.ForgeRequest;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Room;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.statusworker.Stack;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.statuses.Arrivals;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.DesiredStatus;
import sh.cinch.statusworker.statuses.FirstTurns;
import sh.cinch.statusworker.statuses.StatusAttempt;
import sh.cinch.statusworker.statuses.StatusClaim;
import sh.cinch.statusworker.statuses.StatusStates;
import sh.cinch.statusworker.statuses.WaitingStatuses;
import sh.cinch.testkit.ManualClock;

/** One stood still until others had taken over, and then made its request all the same. */
class StatusSettlementTest {

  private static final ForgeResult<PostedStatus> LOST =
      new ForgeResult.Unclear<>(OptionalInt.empty(), "no answer", ForgeResult.MAY_STILL_LAND);
  private static final Duration NEARLY = ForgeResult.MAY_STILL_LAND.minusSeconds(1);

  private final Database database = Stack.SHARED.emptyDatabase();
  private final ManualClock clock = new ManualClock();
  private final Repository repository = Arrivals.repository();
  private final Arrivals arrivals = new Arrivals();
  private final Outbox outbox = new Outbox("status-worker");
  private final CommitStatuses statuses =
      new CommitStatuses(
          new StatusStates(outbox), new Outcomes(outbox, new SimpleMeterRegistry(), clock), clock);
  private final StatusSettlement settlement =
      new StatusSettlement(
          database,
          statuses,
          new DeadLetters("status-worker", outbox, clock, new SimpleMeterRegistry()),
          clock,
          new SimpleMeterRegistry());
  private StatusAttempt paused;
  private StatusAttempt other;

  @BeforeEach
  void takeOver() {
    report("running", State.RUNNING, 1);
    paused = attempt();
    clock.advance(PostAttempt.CLAIM);
    report("success", State.SUCCESS, 2);
    other = attempt();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatOthersPostedIsPostedOnceMoreOnceTheLateRequestCannotLandAnyMore() {
    settle(other, posted());
    settle(paused, LOST);

    clock.advance(NEARLY);
    assertThat(due()).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(due()).containsExactly("success");
  }

  @Test
  void neitherDoWhoseRequestIsUnderWayMeanwhileMakeItTooEarly() {
    settle(paused, LOST);
    settle(other, posted());

    clock.advance(NEARLY);
    assertThat(due()).isEmpty();
    clock.advance(PostAttempt.CLAIM);
    assertThat(due()).containsExactly("success");
  }

  @Test
  void neitherDoesANewerState() {
    settle(other, posted());
    settle(paused, LOST);
    report("failure", State.FAILURE, 3);

    clock.advance(NEARLY);
    assertThat(due()).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(due()).containsExactly("failure");
  }

  @Test
  void neitherDoesRoomInTheForgesLimit() {
    settle(
        other,
        new ForgeResult.Later<>(
            Cause.RATE_LIMIT, OptionalInt.of(429), "no more for now", Duration.ofHours(1)));
    settle(paused, LOST);
    int brought =
        new WaitingStatuses(clock)
            .bringForward(database.sql(), repository.id(), UUID.randomUUID(), true, 8);

    assertThat(brought).isZero();
    clock.advance(NEARLY);
    assertThat(due()).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(due()).containsExactly("success");
  }

  @Test
  void afterAnAnswerItIsPostedOnceMoreAtOnce() {
    settle(other, posted());
    settle(paused, posted());
    assertThat(due()).containsExactly("success");
  }

  @Test
  void whatCannotBeWrittenIsWrittenOncePostgresqlIsBack() throws Exception {
    settle(other, posted());
    Thread late = Thread.ofVirtual().unstarted(() -> settle(paused, posted()));
    database.write(
        held -> {
          held.selectFrom(STATUS).forUpdate().fetch();
          late.start();
          await().until(() -> isEnded(held));
        });
    late.join();
    assertThat(due()).containsExactly("success");
  }

  /** As where the server is stopped: whoever waits for a row loses its connection. */
  private static boolean isEnded(DSLContext sql) {
    return !sql.fetch(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'
            """)
        .isEmpty();
  }

  private void report(String event, State state, int second) {
    database.write(
        transaction ->
            statuses.record(
                transaction,
                List.of(arrivals.of(repository, event, null, "1", state, null, second)),
                FirstTurns.NONE));
  }

  private StatusAttempt attempt() {
    StatusClaim claim = claim().getFirst();
    return new StatusAttempt(
        claim,
        claim.desired(),
        repository,
        List.of(new ForgeRequest(clock.instant(), "POST", null, 10_000, null)),
        Optional.empty(),
        false);
  }

  /** What would be posted now. */
  private List<String> due() {
    return claim().stream()
        .map(StatusClaim::desired)
        .map(DesiredStatus::record)
        .map(record -> record.eventId())
        .toList();
  }

  private List<StatusClaim> claim() {
    return database.transaction(
        transaction ->
            statuses.claim(transaction, new Room(8, List.of(), UUID::toString), PostAttempt.CLAIM));
  }

  private void settle(StatusAttempt attempt, ForgeResult<PostedStatus> result) {
    settlement.settle(new PostAttempt.Ended(attempt, result));
  }

  private static ForgeResult<PostedStatus> posted() {
    return new ForgeResult.Done<>(
        new PostedStatus("unit", "SUCCESSFUL", Optional.empty(), List.of()), 200);
  }
}
