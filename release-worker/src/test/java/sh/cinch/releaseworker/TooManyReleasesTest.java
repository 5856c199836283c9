package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.FAILED;

import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.Shares;

/** A repository's releases that have not ended have an end. */
class TooManyReleasesTest {

  @Test
  void oneMoreThanMayBeUnderWayIsRefused() {
    Project project = Project.connected();
    Stack.SHARED
        .context
        .database()
        .sql()
        .execute(
            """
            insert into release_worker.release
              (id, repository_id, tag, commit_hash, state, record_partition, record_offset, record_headers,
               recorded_at, traceparent, published)
            select {0}::text || n, {0}, 'v' || n, 'c', 'requested', 0, n, '[]', now(), '', '1 requested '
            from generate_series(1, {1}) n
            """,
            DSL.val(project.repository.id()), DSL.val(Shares.RELEASES_UNDER_WAY));

    String event = project.ask(project.request("app", Project.bytes(1, 10)));

    assertThat(project.await(event, FAILED).reason())
        .isEqualTo("100 releases of the repository are under way: wait until one has ended");
    assertThat(project.awaitDeadLetter()).contains("wait until one has ended");
  }
}
