package sh.cinch.ingress.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.ingress.Tables.PUSH;
import static sh.cinch.database.ingress.Tables.REPORTED_STATE;
import static sh.cinch.database.ingress.Tables.REPOSITORY;
import static sh.cinch.database.ingress.Tables.REQUESTED_ARTIFACT;
import static sh.cinch.database.ingress.Tables.REQUESTED_RELEASE;
import static sh.cinch.database.ingress.Tables.SHOWN_RELEASE;
import static sh.cinch.database.ingress.Tables.SHOWN_STATUS;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jooq.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.database.ingress.tables.records.PushRecord;
import sh.cinch.database.ingress.tables.records.ReportedStateRecord;
import sh.cinch.database.ingress.tables.records.RequestedArtifactRecord;
import sh.cinch.database.ingress.tables.records.RequestedReleaseRecord;
import sh.cinch.database.ingress.tables.records.ShownReleaseRecord;
import sh.cinch.database.ingress.tables.records.ShownStatusRecord;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.service.retention.Retention;
import sh.cinch.testkit.PushBody;
import sh.cinch.testkit.TestServers;

/** What no first page shows goes once it is old, unless it has not ended. */
class OldCopiesTest {

  private static final Instant BEFORE = Instant.parse("2026-11-24T12:00:00Z");
  private static final Instant LONG_AGO = BEFORE.minusSeconds(1);
  private static final String COMMIT = PushBody.hash('c');

  private static TestParts parts;

  private UUID repository;

  @BeforeAll
  static void start() {
    parts = TestParts.open(SharedServers.kafka(), TestServers.shared().freshDatabase());
  }

  @AfterAll
  static void stop() {
    parts.close();
  }

  @BeforeEach
  void empty() {
    repository = parts.repository();
    for (Table<?> table :
        List.of(PUSH, SHOWN_STATUS, REPORTED_STATE, SHOWN_RELEASE, REQUESTED_ARTIFACT)) {
      parts.database().sql().truncate(table).execute();
    }
    parts.database().sql().deleteFrom(REQUESTED_RELEASE).execute();
  }

  @Test
  void pushesGoButForTheFirstPage() {
    for (int i = 0; i < PageRequest.USUAL_LIMIT + 7; i++) {
      var push = new PushRecord();
      push.setEventId("push-" + i);
      push.setRepositoryId(repository);
      push.setRef("refs/heads/main");
      push.setType("branch");
      push.setChange("updated");
      push.setReceivedAt(LONG_AGO.minusSeconds(i));
      parts.database().sql().executeInsert(push);
    }

    assertThat(delete(OldCopies.PUSHES, 5)).isEqualTo(5);
    assertThat(delete(OldCopies.PUSHES, 5)).isEqualTo(2);
    assertThat(parts.database().sql().select(PUSH.EVENT_ID).from(PUSH).fetchSet(PUSH.EVENT_ID))
        .hasSize(PageRequest.USUAL_LIMIT)
        .doesNotContain("push-50", "push-56");
    disconnect();
    assertThat(delete(OldCopies.PUSHES, 100)).isEqualTo(PageRequest.USUAL_LIMIT);
  }

  @Test
  void statusesGoButForTheFirstPage() {
    for (int i = 0; i < PageRequest.USUAL_LIMIT + 7; i++) {
      status("unit-" + i, LONG_AGO.minusSeconds(i));
    }

    assertThat(delete(OldCopies.STATUSES, 100)).isEqualTo(7);
    disconnect();
    assertThat(delete(OldCopies.STATUSES, 100)).isEqualTo(PageRequest.USUAL_LIMIT);
  }

  @Test
  void reportsStayWithTheStatusesThatAreShown() {
    status("unit", LONG_AGO);
    report("unit", COMMIT, LONG_AGO);
    report("lint", COMMIT, LONG_AGO);
    report("unit", PushBody.hash('d'), LONG_AGO);
    report("lint", COMMIT, BEFORE);

    assertThat(delete(OldCopies.REPORTS, 1)).isEqualTo(1);
    assertThat(delete(OldCopies.REPORTS, 100)).isEqualTo(1);
    disconnect();
    assertThat(delete(OldCopies.STATUSES, 100)).isEqualTo(1);
    assertThat(delete(OldCopies.REPORTS, 100)).isEqualTo(1);
    assertThat(parts.database().sql().fetchSingle(REPORTED_STATE).getReceivedAt())
        .isEqualTo(BEFORE);
  }

  @Test
  void releasesGoWithWhatWasAskedForButForTheFirstPage() {
    for (int i = 0; i < PageRequest.USUAL_LIMIT + 7; i++) {
      String id = "release-" + i;
      shown(id, List.of("delivered", "superseded", "failed").get(i % 3), LONG_AGO.minusSeconds(i));
      requested(id, LONG_AGO.minusSeconds(i));
    }

    assertThat(delete(OldCopies.RELEASES, 5)).isEqualTo(5);
    assertThat(delete(OldCopies.RELEASES, 5)).isEqualTo(2);
    assertThat(count(SHOWN_RELEASE)).isEqualTo(PageRequest.USUAL_LIMIT);
    assertThat(count(REQUESTED_RELEASE)).isEqualTo(PageRequest.USUAL_LIMIT);
    assertThat(count(REQUESTED_ARTIFACT)).isEqualTo(PageRequest.USUAL_LIMIT);
    disconnect();
    assertThat(delete(OldCopies.RELEASES, 100)).isEqualTo(PageRequest.USUAL_LIMIT);
    assertThat(count(REQUESTED_RELEASE)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"requested", "sending"})
  void aReleaseThatHasNotEndedStays(String state) {
    shown("one", state, LONG_AGO);
    requested("one", LONG_AGO);
    disconnect();

    assertThat(delete(OldCopies.RELEASES, 100)).isZero();
    assertThat(count(REQUESTED_RELEASE)).isEqualTo(1);
  }

  @Test
  void aRequestThatNobodyHasSeenToYetStays() {
    requested("one", LONG_AGO);
    disconnect();

    assertThat(delete(OldCopies.RELEASES, 100)).isZero();
    assertThat(count(REQUESTED_RELEASE)).isEqualTo(1);
  }

  @Test
  void aReleaseOfWhichARequestIsBeingWrittenIsNotShownAsRequested() throws Exception {
    shown("one", "failed", LONG_AGO);
    requested("one", LONG_AGO);
    disconnect();

    parts
        .database()
        .write(
            other -> {
              other.selectFrom(REQUESTED_RELEASE).forUpdate().fetch();
              assertThat(delete(OldCopies.RELEASES, 100)).isZero();
            });

    assertThat(count(SHOWN_RELEASE)).isEqualTo(1);
    var instances =
        List.of(
            CompletableFuture.supplyAsync(() -> delete(OldCopies.RELEASES, 100)),
            CompletableFuture.supplyAsync(() -> delete(OldCopies.RELEASES, 100)));
    assertThat(instances.get(0).get() + instances.get(1).get()).isEqualTo(1);
  }

  private static int delete(Retention.Batch old, int most) {
    return old.delete(parts.database(), BEFORE, most);
  }

  private static int count(Table<?> table) {
    return parts.database().sql().fetchCount(table);
  }

  private void disconnect() {
    parts
        .database()
        .sql()
        .update(REPOSITORY)
        .set(REPOSITORY.STATE, "disconnected")
        .where(REPOSITORY.ID.eq(repository))
        .execute();
  }

  private void status(String key, Instant changedAt) {
    var row = new ShownStatusRecord();
    row.setRepositoryId(repository);
    row.setCommitHash(COMMIT);
    row.setStatusKey(key);
    row.setRef("");
    row.setVersion(1L);
    row.setEvent("{}");
    row.setChangedAt(changedAt);
    parts.database().sql().executeInsert(row);
  }

  private void report(String key, String commit, Instant receivedAt) {
    var row = new ReportedStateRecord();
    row.setRepositoryId(repository);
    row.setCommitHash(commit);
    row.setEventId(UUID.randomUUID().toString());
    row.setStatusKey(key);
    row.setRef("");
    row.setNumber("");
    row.setState("success");
    row.setName("Unit tests");
    row.setOccurredAt(LONG_AGO);
    row.setReceivedAt(receivedAt);
    parts.database().sql().executeInsert(row);
  }

  private void shown(String id, String state, Instant requestedAt) {
    parts
        .database()
        .sql()
        .executeInsert(
            new ShownReleaseRecord(
                id, repository, COMMIT, 1L, state, "{}", requestedAt, requestedAt));
  }

  private void requested(String id, Instant requestedAt) {
    parts
        .database()
        .sql()
        .executeInsert(
            new RequestedReleaseRecord(id, repository, COMMIT, 1L, "{}", requestedAt, requestedAt));
    parts.database().sql().executeInsert(new RequestedArtifactRecord(id, UUID.randomUUID()));
  }
}
