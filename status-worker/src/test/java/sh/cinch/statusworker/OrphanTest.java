package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.STATUS;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;
import static sh.cinch.schema.event.Outcome.Result.FAILED;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.awaitility.core.ThrowingRunnable;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.CommitStatusEvent.Shown;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.intake.IntakeProgress;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.OrphanWatch;
import sh.cinch.statusworker.statuses.StatusStates;
import sh.cinch.testkit.TestServers;

/** A build that a runner has left running is not in progress for ever. */
class OrphanTest {

  private static final Duration DAY = StatusWorkerConfig.ORPHANED_AFTER;

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();

  @AfterEach
  void mend() {
    stack.bitbucket.mend();
  }

  @Test
  void aDayWithoutAWordIsShownAsStoppedAndTheNextWordAgain() {
    String running = project.report(project.state("running", 1));
    project.await(running, DELIVERED);
    stack.clock.advance(DAY);
    awaitWrites("INPROGRESS", "STOPPED");
    assertThat(project.status("unit").getString("description"))
        .isEqualTo(
            "No word from the build for 24 hours. Run it again; if the build is still alive, its"
                + " next report replaces this.");
    assertThat(awaitShown("STOPPED"))
        .returns(BuildState.State.RUNNING, CommitStatusEvent::wanted)
        .returns(CommitStatusEvent.Progress.DELIVERED, CommitStatusEvent::progress)
        .returns(running, CommitStatusEvent::causedBy)
        .returns(
            List.of("no word from the build for 24 hours: shown as stopped until it reports again"),
            CommitStatusEvent::warnings);
    // The outcome comes after what is published of the status.
    awaiting(() -> assertThat(outcomesOf(running)).hasSizeGreaterThan(1));
    assertThat(outcomesOf(running))
        .satisfiesExactly(
            first -> assertThat(first.reason()).isNull(),
            orphaned -> {
              assertThat(orphaned.kind()).isEqualTo(Outcome.Kind.STATUS);
              assertThat(orphaned.result()).isEqualTo(DELIVERED);
              assertThat(orphaned.reason()).startsWith("no word from the build for 24 hours");
              assertThat(orphaned.latencyMs()).isNull();
            });
    assertThat(reports()).isOne();

    String still = project.report(project.state("running", 2));
    project.await(still, DELIVERED);
    stack.clock.advance(DAY);
    awaitWrites("INPROGRESS", "STOPPED", "INPROGRESS", "STOPPED");

    String success = project.report(project.state("success", 3));
    project.await(success, DELIVERED);
    assertThat(awaitShown("SUCCESSFUL").warnings()).isEmpty();
    assertThat(project.writes()).endsWith("STOPPED", "SUCCESSFUL").hasSize(5);
  }

  @Test
  void aResultThatComesWhileItIsPostedIsShownInTheEnd() {
    project.await(project.report(project.state("running", 1)), DELIVERED);
    project.fault(Map.of("kind", "latency", "ms", 1_000, "times", 1));
    stack.clock.advance(DAY);
    awaiting(() -> assertThat(project.isFaultOver()).isTrue());
    String success = project.report(project.state("success", 2));
    project.await(success, DELIVERED);
    // Others put time forward: the claim may run out, and what is on its way land late.
    awaiting(() -> assertThat(project.writes()).contains("STOPPED").endsWith("SUCCESSFUL"));
  }

  @Test
  void whatIsRefusedIsToldAndNobodysDeadLetter() {
    String running = project.report(project.state("running", 1));
    project.await(running, DELIVERED);
    project.fault(Map.of("kind", "status", "status", 400));
    stack.clock.advance(DAY);
    awaiting(() -> assertThat(project.results(running)).containsExactly(DELIVERED, FAILED));
    assertThat(outcomesOf(running).getLast().reason()).contains("Bitbucket refuses the status");
    assertThat(stack.published.deadLetters(project.recordKey())).isEmpty();
  }

  @Test
  void whatADisconnectionLeftInProgressIsStoppedOnceItIsConnectedAgain() {
    String running = project.report(project.state("running", 1));
    project.await(running, DELIVERED);
    project.disconnect();
    project.await(running, FAILED);
    stack.clock.advance(DAY);
    try (ConnectionDirectory connections = stack.connections()) {
      OrphanWatch watch = watch(connections, () -> Optional.of(stack.clock.instant()));
      stack.clock.advance(DAY);
      watch.run();
      assertThat(orphanedAt()).as("nobody can post it").isNull();
    }
    project.connectWith(project.credential);
    awaitWrites("INPROGRESS", "STOPPED");
    awaiting(
        () -> assertThat(project.results(running)).containsExactly(DELIVERED, FAILED, DELIVERED));
    assertThat(stack.published.deadLetters(project.recordKey())).isEmpty();
  }

  @Test
  void aResultThatLiesUnreadOnTheTopicIsAWord() throws Exception {
    project.await(project.report(project.state("running", 1)), DELIVERED);
    Project other = Project.connected();
    try (Connection session = session();
        ConnectionDirectory connections = stack.connections();
        IntakeProgress progress =
            new IntakeProgress(
                stack.context.kafka(), StatusWorkerService.NAME, Topic.BUILD_STATE, stack.clock)) {
      Project.patiently().until(() -> progress.recordedUntil().isPresent());
      // The intake waits for another key, and reads no further.
      lock(session, other);
      String blocked = other.report(other.state("running", 1));
      awaitBlocked();
      String success = project.report(project.state("success", 2));
      OrphanWatch watch = watch(connections, progress::recordedUntil);
      stack.clock.advance(DAY);
      watch.run();
      watch.run();
      session.rollback();
      project.await(success, DELIVERED);
      other.await(blocked, DELIVERED);
    }
    assertThat(project.writes()).containsExactly("INPROGRESS", "SUCCESSFUL");
  }

  /** Looks for orphans again and again; others' builds may keep the intake busy. */
  private void awaiting(ThrowingRunnable assertion) {
    Project.patiently()
        .untilAsserted(
            () -> {
              stack.worker.wake("orphans");
              assertion.run();
            });
  }

  private void awaitWrites(String... states) {
    awaiting(() -> assertThat(project.writes()).containsExactly(states));
  }

  private CommitStatusEvent awaitShown(String state) {
    awaiting(
        () ->
            assertThat(stack.states.of(project.commit))
                .singleElement()
                .extracting(CommitStatusEvent::shown)
                .extracting(Shown::state)
                .isEqualTo(state));
    return stack.states.of(project.commit).iterator().next();
  }

  private List<Outcome> outcomesOf(String event) {
    return project.outcomes().stream().filter(outcome -> event.equals(outcome.causedBy())).toList();
  }

  private @Nullable Instant orphanedAt() {
    return stack
        .context
        .database()
        .sql()
        .fetchSingle(STATUS, STATUS.REPOSITORY_ID.eq(project.repository.id()))
        .getOrphanedAt();
  }

  private int reports() {
    return stack
        .context
        .database()
        .sql()
        .fetchCount(BUILD_REPORT, BUILD_REPORT.REPOSITORY_ID.eq(project.repository.id()));
  }

  private OrphanWatch watch(
      ConnectionDirectory connections, Supplier<Optional<Instant>> recordedUntil) {
    Outbox outbox = new Outbox(StatusWorkerService.NAME);
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    return new OrphanWatch(
        stack.context.database(),
        new CommitStatuses(
            new StatusStates(outbox), new Outcomes(outbox, metrics, stack.clock), stack.clock),
        connections,
        recordedUntil,
        DAY,
        stack.clock,
        metrics,
        () -> {});
  }

  private static Connection session() throws SQLException {
    var database = TestServers.shared().database();
    Connection session =
        DriverManager.getConnection(database.url(), database.user(), database.password());
    session.setAutoCommit(false);
    return session;
  }

  /** As whoever records something of its key does. */
  private static void lock(Connection session, Project project) throws SQLException {
    String key =
        "CommitKey[repository=%s, commit=%s, key=unit]"
            .formatted(project.repository.id(), project.commit);
    try (PreparedStatement statement =
        session.prepareStatement("select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
      statement.setString(1, key);
      statement.execute();
    }
  }

  private void awaitBlocked() {
    Project.patiently()
        .until(
            () ->
                stack
                    .context
                    .database()
                    .sql()
                    .fetchExists(
                        DSL.table("pg_locks"),
                        DSL.condition("locktype = 'advisory' and not granted")));
  }
}
