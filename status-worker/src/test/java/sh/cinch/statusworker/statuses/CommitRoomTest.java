package sh.cinch.statusworker.statuses;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.statusworker.statuses.Arrivals.COMMIT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jooq.Param;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.Shares;
import sh.cinch.service.database.Database;
import sh.cinch.statusworker.Stack;

/** A commit's statuses and build states have an end, for what is new. */
class CommitRoomTest {

  @SuppressWarnings("NullAway.Init")
  private static Database database;

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

  @Test
  void oneStatusTooManyIsRefused() {
    List<ReceivedBuildState> batch = new ArrayList<>();
    for (int i = 0; i <= Shares.STATUSES_OF_A_COMMIT; i++) {
      batch.add(arrival("e" + i, "refs/heads/" + i));
    }
    Map<ReceivedBuildState, String> objections = objections(batch);
    assertThat(objections).containsOnlyKeys(batch.getLast());
    assertThat(objections.values()).singleElement().asString().contains("has 500 statuses");
  }

  @Test
  void statusesThatAreKnownGoOn() {
    database
        .sql()
        .execute(
            """
            insert into status_worker.status
              (repository_id, commit_hash, shown_key, status_key, ref, event_id, wanted_since, progress, changed_at)
            select {0}, {1}, 'k' || n, 'unit', 'refs/heads/' || n, 'e', now(), 'pending', now()
            from generate_series(1, {2}) n
            """,
            value(repository.id()), value(COMMIT), value(Shares.STATUSES_OF_A_COMMIT));
    ReceivedBuildState further = arrival("new", "refs/heads/another");
    assertThat(objections(List.of(arrival("a", "refs/heads/7"), arrival("b", null), further)))
        .containsOnlyKeys(further);
  }

  @Test
  void oneBuildStateTooManyIsRefusedAndWhatIsRecordedIsNot() {
    database
        .sql()
        .execute(
            """
            insert into status_worker.build_report
              (repository_id, commit_hash, status_key, event_id, ref, number, occurred_at, final,
               record_partition, record_offset, recorded_at, traceparent)
            select {0}, {1}, 'unit', 'e' || n, '', '', now(), true, 0, n, now(), ''
            from generate_series(1, {2}) n
            """,
            value(repository.id()), value(COMMIT), value(Shares.BUILD_STATES_OF_A_COMMIT));
    ReceivedBuildState further = arrival("new", null);
    Map<ReceivedBuildState, String> objections = objections(List.of(arrival("e7", null), further));
    assertThat(objections).containsOnlyKeys(further);
    assertThat(objections.get(further)).contains("has 10000 build states");
  }

  private static Map<ReceivedBuildState, String> objections(List<ReceivedBuildState> batch) {
    return CommitRoom.objections(database.sql(), batch);
  }

  private ReceivedBuildState arrival(String event, @Nullable String ref) {
    return arrivals.of(repository, event, ref, null, State.SUCCESS, null, 0);
  }

  private static <T> Param<T> value(T value) {
    return DSL.val(value);
  }
}
