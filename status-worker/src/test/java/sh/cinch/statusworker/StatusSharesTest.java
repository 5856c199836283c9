package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;
import static sh.cinch.schema.event.Outcome.Result.FAILED;

import java.util.Map;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.Shares;

/** Whatever one repository sends, and however slowly it is answered, another's status goes out. */
class StatusSharesTest {

  private static final int MANY = 3 * Stack.POSTS_AT_ONCE;

  private final Project loud = Project.connected();
  private final Project quiet = Project.connected();

  @AfterEach
  void mend() {
    Stack.SHARED.bitbucket.mend();
  }

  @Test
  void aRepositoryThatIsAnsweredSlowlyHoldsUpNoOther() {
    loud.fault(Map.of("method", "POST", "kind", "latency", "ms", 8_000));
    for (int i = 0; i < MANY; i++) {
      loud.report(loud.state("success", 1).put("key", "k" + i));
    }

    quiet.await(quiet.report(quiet.state("success", 1)), DELIVERED);

    assertThat(loud.writes()).hasSizeLessThan(Stack.POSTS_AT_ONCE);
  }

  @Test
  void whatACommitHasNoRoomForIsToldToHaveFailed() {
    Stack.SHARED
        .context
        .database()
        .sql()
        .execute(
            """
            insert into status_worker.status
              (repository_id, commit_hash, shown_key, status_key, ref, event_id, wanted_since, progress, changed_at)
            select {0}, {1}, 'k' || n, 'k' || n, '', 'e', now(), 'pending', now()
            from generate_series(1, {2}) n
            """,
            DSL.val(quiet.repository.id()),
            DSL.val(quiet.commit),
            DSL.val(Shares.STATUSES_OF_A_COMMIT));

    Outcome told = quiet.await(quiet.report(quiet.state("success", 1)), FAILED);

    assertThat(told.reason()).contains("has 500 statuses");
  }
}
