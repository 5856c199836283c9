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
    statuses("refs/heads/", Shares.STATUSES_OF_A_COMMIT + 1);
    List<ReceivedBuildState> known = new ArrayList<>();
    for (int i = 1; i <= Shares.STATUSES_OF_A_COMMIT + 1; i++) {
      known.add(arrival("a" + i, "refs/heads/" + i, State.RUNNING));
    }
    assertThat(objections(known)).isEmpty();
  }

  @Test
  void whatNamesNoRefIsOfTheStatusThatItsKeyHas() {
    statuses("refs/heads/", Shares.STATUSES_OF_A_COMMIT);
    assertThat(objections(List.of(arrival("b", null, State.RUNNING)))).isEmpty();
  }

  @Test
  void aFurtherStatusIsRefused() {
    statuses("refs/heads/", Shares.STATUSES_OF_A_COMMIT);
    ReceivedBuildState further = arrival("new", "refs/heads/another");
    assertThat(objections(List.of(arrival("a", "refs/heads/7"), further)))
        .containsOnlyKeys(further);
  }

  @Test
  void theStatusWithoutRefIsThatOfTheFirstRef() {
    statuses("", 1);
    statuses("others", Shares.STATUSES_OF_A_COMMIT - 1);
    ReceivedBuildState second = arrival("two", "refs/heads/2");
    assertThat(objections(List.of(arrival("one", "refs/heads/1"), second)))
        .containsOnlyKeys(second);
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
    statuses("refs/heads/", 1);
    ReceivedBuildState further = arrival("new", "refs/heads/1", State.RUNNING);
    ReceivedBuildState unknown = arrival("unknown", "refs/heads/2");
    Map<ReceivedBuildState, String> objections =
        objections(
            List.of(
                arrival("e7", null, State.RUNNING),
                further,
                arrival("end", "refs/heads/1"),
                arrival("end of one of them", null),
                unknown));
    assertThat(objections).containsOnlyKeys(further, unknown);
    assertThat(objections.get(further)).contains("has 10000 build states");
  }

  /** Those of the key are called so and a number; of none, or of others, as said. */
  private void statuses(String refs, int many) {
    database
        .sql()
        .execute(
            """
            insert into status_worker.status
              (repository_id, commit_hash, shown_key, status_key, ref, event_id, wanted_since, progress, changed_at)
            select {0}, {1}, {3} || 'k' || n, case {3} when 'others' then 'lint' else 'unit' end,
              case {3} when '' then '' else {3} || n end, 'e', now(), 'pending', now()
            from generate_series(1, {2}) n
            """,
            value(repository.id()), value(COMMIT), value(many), value(refs));
  }

  private static Map<ReceivedBuildState, String> objections(List<ReceivedBuildState> batch) {
    return CommitRoom.objections(database.sql(), batch);
  }

  private ReceivedBuildState arrival(String event, @Nullable String ref) {
    return arrival(event, ref, State.SUCCESS);
  }

  private ReceivedBuildState arrival(String event, @Nullable String ref, State state) {
    return arrivals.of(repository, event, ref, null, state, null, 0);
  }

  private static <T> Param<T> value(T value) {
    return DSL.val(value);
  }
}
