package sh.cinch.statusworker.statuses;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.service.Tables.OUTBOX;
import static sh.cinch.database.status_worker.Tables.COMMIT_STATUS;
import static sh.cinch.database.status_worker.Tables.STATUS;
import static sh.cinch.statusworker.statuses.Arrivals.NOON;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.database.status_worker.tables.records.CommitStatusRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.status.StatusKey;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.statusworker.Stack;
import sh.cinch.statusworker.outcome.Outcomes;

/** Instances of release 0.1.0 and of this one at work on one database. */
class FormerStatusTest {

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
    database.sql().truncate(OUTBOX).execute();
  }

  /** It joins {@code commit_status.*} with {@code report.*}: another column would be in its way. */
  @Test
  void theFormerReleaseReadsTheseColumnsByTheirPlaces() {
    assertThat(COMMIT_STATUS.fieldStream().map(Field::getName))
        .containsExactly(
            "repository_id",
            "commit_hash",
            "status_key",
            "event_id",
            "version",
            "posted_event_id",
            "due_at",
            "claim",
            "attempts",
            "waiting_for",
            "last_reason");
  }

  @Test
  void whatIsDueGoesOnHereAndIsNobodyElses() {
    former.records(arrival("a", "main", "1", State.RUNNING, 0), NOON);
    move();

    assertThat(row("refs/heads/main"))
        .returns("unit", StatusRecord::getShownKey)
        .returns("a", StatusRecord::getEventId)
        .returns(NOON, StatusRecord::getDueAt)
        .returns("pending", StatusRecord::getProgress);
    assertThat(row("refs/heads/main").getIsFinal()).isFalse();
    assertThat(former.claims(NOON.plusSeconds(3600), NOON.plusSeconds(3640))).isNull();
    assertThat(published()).singleElement().returns(State.RUNNING, CommitStatusEvent::wanted);
  }

  @Test
  void theEndOfABuildGoesBeforeOthersHereToo() {
    former.records(arrival("a", "main", "1", State.SUCCESS, 0), NOON);
    move();
    assertThat(row("refs/heads/main").getIsFinal()).isTrue();
  }

  @Test
  void whatIsShownIsPublishedAndNotPostedAgain() {
    former.records(arrival("a", "main", "1", State.SUCCESS, 0), NOON);
    former.settles(claims(), null, NOON);
    move();

    assertThat(row("refs/heads/main"))
        .returns("delivered", StatusRecord::getProgress)
        .returns(null, StatusRecord::getDueAt);
    assertThat(published()).singleElement().returns(1L, CommitStatusEvent::version);
    move();
    assertThat(published()).as("once").hasSize(1);
  }

  @Test
  void whatFailedSaysWhy() {
    former.records(arrival("a", "main", "1", State.SUCCESS, 0), NOON);
    former.settles(claims(), "no such commit", NOON);
    move();

    assertThat(published())
        .singleElement()
        .returns(CommitStatusEvent.Progress.FAILED, CommitStatusEvent::progress)
        .returns("no such commit", CommitStatusEvent::reason);
  }

  @Test
  void aRequestUnderWayIsWaitedForAndWhatIsWantedPostedAfterIt() {
    former.records(arrival("a", "main", "1", State.RUNNING, 0), NOON);
    CommitStatusRecord claimed = claims();
    record(arrival("b", "main", "1", State.SUCCESS, 1));

    assertThat(row("refs/heads/main"))
        .returns("b", StatusRecord::getEventId)
        .returns(claimed.getDueAt(), StatusRecord::getDueAt);
    long version = row("refs/heads/main").getWantedVersion();
    settleHere();
    former.settles(claimed, null, NOON);
    move();
    assertThat(row("refs/heads/main"))
        .returns(version + 1, StatusRecord::getWantedVersion)
        .returns(NOON, StatusRecord::getDueAt);
  }

  @Test
  void whatIsRecordedThereLaterIsPostedHere() {
    former.records(arrival("a", "main", "1", State.RUNNING, 0), NOON);
    move();
    settleHere();
    former.records(arrival("b", "main", "1", State.SUCCESS, 1), NOON);
    assertThat(former.claims(NOON, NOON.plusSeconds(40))).isNull();
    move();

    assertThat(row("refs/heads/main"))
        .returns("b", StatusRecord::getEventId)
        .returns(NOON, StatusRecord::getDueAt);
    assertThat(published()).last().returns(State.SUCCESS, CommitStatusEvent::wanted);
  }

  @Test
  void aBuildThatLostItsStatusThereEndsHere() {
    former.records(arrival("a", "main", "1", State.RUNNING, 0), NOON);
    former.records(arrival("b", "develop", "2", State.RUNNING, 1), NOON);
    move();
    assertThat(rows()).as("what was told long ago is not dug out").hasSize(1);

    record(arrival("c", "main", "1", State.SUCCESS, 2));
    assertThat(row("refs/heads/develop"))
        .returns("unit", StatusRecord::getShownKey)
        .returns("b", StatusRecord::getEventId);
    assertThat(row("refs/heads/main"))
        .returns(StatusKey.further("unit", "refs/heads/main"), StatusRecord::getShownKey)
        .returns("c", StatusRecord::getEventId);
  }

  @Test
  void whatWasSupersededThereByAnotherRefIsPostedHere() {
    former.records(arrival("a", "main", "1", State.RUNNING, 0), NOON);
    move();
    former.records(arrival("b", "develop", "2", State.SUCCESS, 1), NOON);
    former.records(arrival("c", "refs/tags/v1", "3", State.SUCCESS, 2), NOON);
    move();

    assertThat(row("refs/heads/develop")).returns("b", StatusRecord::getEventId);
    assertThat(row("refs/tags/v1")).returns("c", StatusRecord::getEventId);
  }

  @Test
  void aStatusBegunHereTakesInWhatIsRecordedThereAndIsNotPostedThere() {
    record(arrival("a", "main", "1", State.SUCCESS, 1));
    settleHere();
    former.decides(arrival("b", "main", "1", State.RUNNING, 0), NOON);
    assertThat(former.claims(NOON, NOON.plusSeconds(40))).as("it knows no more than b").isNull();
    former.decides(arrival("c", "main", "2", State.RUNNING, 2), NOON);
    move();

    assertThat(row("refs/heads/main"))
        .returns("c", StatusRecord::getEventId)
        .returns(NOON, StatusRecord::getDueAt);
    assertThat(former.claims(NOON.plusSeconds(60), NOON.plusSeconds(100))).isNull();
  }

  private void move() {
    FormerStatus.keys(database.sql(), 1000).stream()
        .filter(key -> key.repository().equals(repository.id()))
        .forEach(key -> database.write(transaction -> statuses.move(transaction, repository, key)));
  }

  private void record(ReceivedBuildState arrival) {
    database.write(transaction -> statuses.record(transaction, List.of(arrival), FirstTurns.NONE));
  }

  private CommitStatusRecord claims() {
    return Objects.requireNonNull(former.claims(NOON, NOON.plusSeconds(40)));
  }

  private void settleHere() {
    database
        .sql()
        .update(STATUS)
        .setNull(STATUS.DUE_AT)
        .where(STATUS.REPOSITORY_ID.eq(repository.id()))
        .execute();
  }

  private ReceivedBuildState arrival(
      String event, @Nullable String ref, String number, State state, int second) {
    return arrivals.of(repository, event, ref, number, state, null, second);
  }

  private List<StatusRecord> rows() {
    return database.sql().fetch(STATUS, STATUS.REPOSITORY_ID.eq(repository.id()));
  }

  private StatusRecord row(String ref) {
    return rows().stream().filter(row -> row.getRef().equals(ref)).findFirst().orElseThrow();
  }

  private static List<CommitStatusEvent> published() {
    return database
        .sql()
        .selectFrom(OUTBOX)
        .where(OUTBOX.TOPIC.eq(Topic.COMMIT_STATUS.name()))
        .orderBy(OUTBOX.ID)
        .fetch(row -> event(row.getValue()));
  }

  private static CommitStatusEvent event(byte[] value) {
    return switch (EventJson.read(value, CommitStatusEvent.class)) {
      case Reading.Good<CommitStatusEvent>(CommitStatusEvent event) -> event;
      case Reading.Bad<CommitStatusEvent>(String reason) -> throw new AssertionError(reason);
    };
  }
}
