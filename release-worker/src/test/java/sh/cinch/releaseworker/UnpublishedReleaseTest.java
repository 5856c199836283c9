package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static sh.cinch.schema.event.ReleaseEvent.State.DELIVERED;
import static sh.cinch.schema.event.ReleaseEvent.State.FAILED;
import static sh.cinch.schema.event.ReleaseEvent.State.REQUESTED;
import static sh.cinch.schema.event.ReleaseEvent.State.SENDING;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.ReleaseEvent.FileState;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.testkit.LogSpy;

/** What release 0.1.0 writes, which publishes no states, is published all the same. */
class UnpublishedReleaseTest {

  private final Instant longAgo =
      Instant.now().minus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);

  private final Stack stack = Stack.SHARED;
  private final DSLContext sql = stack.context.database().sql();
  private final Project project = Project.connected();

  @AfterEach
  void mend() {
    stack.mend();
  }

  @Test
  void whatStoodBeforeIsPublished() {
    String release = release("delivered", null, longAgo);
    file(release, 0, "app", "delivered", null);

    ReleaseEvent published = project.awaitState(release, DELIVERED);

    assertThat(published)
        .isEqualTo(
            new ReleaseEvent(
                project.repository,
                release,
                Project.TAG,
                project.commit,
                1,
                1,
                longAgo,
                DELIVERED,
                null,
                null,
                List.of(
                    new ReleaseEvent.File(
                        "app",
                        "app",
                        10,
                        "5e".repeat(32),
                        FileState.DELIVERED,
                        "%s/%s/downloads/app".formatted(stack.bitbucket.url(), project.fullName),
                        null,
                        0,
                        null,
                        List.of())),
                List.of(),
                null,
                published.at()));
  }

  @Test
  void whatItWaitedForOnceIsNotWhatItWaitsForNow() {
    String release = release("sending", "RATE_LIMIT", longAgo);
    file(release, 0, "app", "open", null);
    sql.execute("update release_worker.release set last_reason = 'x' where id = ?", release);

    ReleaseEvent published = project.awaitState(release, SENDING);

    assertThat(published.waitingFor()).isNull();
    assertThat(published.reason()).isNull();
  }

  @Test
  void allOfItIsPublishedTheOldestFirstAndOnce() {
    List<String> releases =
        stack
            .context
            .database()
            .transaction(
                transaction ->
                    IntStream.range(0, 60)
                        .mapToObj(
                            i ->
                                release(
                                    transaction,
                                    project.repository.id(),
                                    "failed",
                                    null,
                                    longAgo.plusSeconds(60 - i)))
                        .toList());

    releases.forEach(release -> project.awaitState(release, FAILED));
    project.awaitState(release("delivered", null, longAgo), DELIVERED);

    assertThat(releases.reversed().stream().map(release -> project.states(release).getLast().at()))
        .isSorted();
    assertThat(releases).allSatisfy(release -> assertThat(project.states(release)).hasSize(1));
  }

  @Test
  void whatAnInstanceOfTheReleaseBeforeChangesIsPublished() {
    String event = project.ask(project.request("app", new byte[1]).put("tag", "v9"));
    project.awaitState(event, REQUESTED, WaitingFor.COMMIT);

    stack
        .context
        .database()
        .write(
            transaction -> {
              transaction.execute(
                  "update release_worker.release set waiting_for = 'FORGE' where id = ?", event);
            });
    assertThat(project.awaitState(event, REQUESTED, WaitingFor.BITBUCKET).version()).isEqualTo(3);

    stack
        .context
        .database()
        .write(
            transaction -> {
              transaction.execute(
                  "update release_worker.release set state = 'failed', last_reason = 'no such tag',"
                      + " due_at = null where id = ?",
                  event);
              transaction.execute(
                  "update release_worker.release_file set state = 'failed', reason = 'not sent'"
                      + " where release_id = ?",
                  event);
            });
    ReleaseEvent failed = project.awaitState(event, FAILED);
    assertThat(failed.version()).isEqualTo(4);
    assertThat(failed.reason()).isEqualTo("no such tag");
    assertThat(failed.files())
        .extracting(ReleaseEvent.File::state, ReleaseEvent.File::reason)
        .containsExactly(tuple(FileState.FAILED, "not sent"));
  }

  @Test
  void aRepositoryThatNobodyKnowsHoldsUpNoOther() {
    try (LogSpy log = new LogSpy()) {
      UUID nobody = UUID.randomUUID();
      String release = release(sql, nobody, "failed", null, longAgo.minusSeconds(60));

      for (int i = 0; i < 2; i++) {
        project.awaitState(release("failed", null, longAgo), FAILED);
      }

      assertThat(project.states(release)).isEmpty();
      assertThat(log.lines()).filteredOn(line -> line.contains(nobody.toString())).hasSize(1);
    }
  }

  @Test
  void whatIsMoreThanARecordHoldsIsPublishedWithoutTheWords() {
    String release =
        stack
            .context
            .database()
            .transaction(
                transaction -> {
                  String id =
                      release(transaction, project.repository.id(), "failed", null, longAgo);
                  for (int i = 0; i < 500; i++) {
                    String name = "%03d".formatted(i) + "🚀".repeat(197);
                    file(transaction, id, i, name, "failed", "not sent: " + "x".repeat(2_000));
                  }
                  return id;
                });

    ReleaseEvent published = project.awaitState(release, FAILED);

    assertThat(published.files())
        .hasSize(500)
        .allSatisfy(file -> assertThat(file.reason()).isNull());
    assertThat(published.warnings()).singleElement().asString().contains("outcomes");
  }

  private String release(String state, @Nullable String waitingFor, Instant recordedAt) {
    return release(sql, project.repository.id(), state, waitingFor, recordedAt);
  }

  /** With what 0.1.0 writes, and no more. */
  private String release(
      DSLContext transaction,
      UUID repository,
      String state,
      @Nullable String waitingFor,
      Instant recordedAt) {
    String id = UUID.randomUUID().toString();
    transaction.execute(
        """
        insert into release_worker.release (id, repository_id, tag, commit_hash, state,
          record_partition, record_offset, record_headers, recorded_at, traceparent, waiting_for)
        values (?, ?, ?, ?, ?, 0, 0, '[]',
          cast(? as timestamptz), '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', ?)
        """,
        id,
        repository,
        Project.TAG,
        project.commit,
        state,
        recordedAt.toString(),
        waitingFor);
    return id;
  }

  private void file(
      String release, int position, String name, String state, @Nullable String reason) {
    file(sql, release, position, name, state, reason);
  }

  private static void file(
      DSLContext transaction,
      String release,
      int position,
      String name,
      String state,
      @Nullable String reason) {
    transaction.execute(
        """
        insert into release_worker.release_file (release_id, position, name, download_name, source,
          size, sha256, state, reason)
        values (?, ?, ?, ?, 'artifact:1', 10, ?, ?, ?)
        """,
        release,
        position,
        name,
        name.replaceAll("[^a-z0-9]", "_"),
        "5e".repeat(32),
        state,
        reason);
  }
}
