package sh.cinch.statusworker.statuses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sh.cinch.database.status_worker.Tables.STATUS;
import static sh.cinch.statusworker.statuses.Arrivals.NOON;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.status.StatusKey;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Room;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.statusworker.Stack;
import sh.cinch.statusworker.outcome.Outcomes;

/** What is claimed as it is recorded is as if a look had found it right afterwards. */
class FirstClaimsTest {

  private static final InstantSource CLOCK = InstantSource.fixed(NOON);
  private static final Duration HOLD = Duration.ofSeconds(40);
  private static final String MAIN = "refs/heads/main";
  private static final String NEXT = "refs/heads/next";

  @SuppressWarnings("NullAway.Init")
  private static Database database;

  private final CommitStatuses statuses =
      new CommitStatuses(
          new StatusStates(new Outbox("status-worker")),
          new Outcomes(new Outbox("status-worker"), new SimpleMeterRegistry(), CLOCK),
          CLOCK);
  private final Arrivals arrivals = new Arrivals();
  private final Repository repository = Arrivals.repository();
  private final UUID credential = UUID.randomUUID();
  private final Poster poster = new Poster();

  /** Has turns for some. */
  private final class Poster implements FirstTurns, FirstTurns.Turns {

    private final List<Integer> asked = new ArrayList<>();
    private final List<List<StatusClaim>> over = new ArrayList<>();
    private int turns = 10;
    private boolean admits = true;

    @Override
    public Turns keep(int due) {
      asked.add(due);
      return this;
    }

    @Override
    public int count() {
      return turns;
    }

    @Override
    public Duration hold() {
      return HOLD;
    }

    @Override
    public Optional<UUID> turn(StatusClaim status) {
      return admits ? status.postedBy().or(() -> Optional.of(credential)) : Optional.empty();
    }

    @Override
    public void over(List<StatusClaim> claimed) {
      over.add(claimed);
    }
  }

  @BeforeAll
  static void open() {
    database = Stack.SHARED.emptyDatabase();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void aNewStatusIsRecordedAsClaimedAndBegun() {
    record(arrival("a", MAIN, State.RUNNING, 1));

    StatusRecord row = row(MAIN);
    assertThat(row.getClaim()).isOne();
    assertThat(row.getDueAt()).isEqualTo(NOON.plus(HOLD));
    assertThat(row.getPostedBy()).isEqualTo(credential);
    StatusClaim claim = poster.over.getFirst().getFirst();
    assertThat(claim.begunWith()).contains(credential);
    assertThat(claim.postedBy()).as("before its first request").isEmpty();
    assertThat(claim.until()).isEqualTo(NOON.plus(HOLD));
    assertThat(claim.desired())
        .usingRecursiveComparison()
        .ignoringFields("trace.span")
        .isEqualTo(statuses.desired(database.sql(), claim.status()));
    assertThat(claim.row().getClaim()).as("settled by whoever has it").isOne();
    assertThat(poster.over).hasSize(1);
  }

  @Test
  void whatFollowsIsClaimedOnceMoreForWhoeverBeganIt() {
    record(arrival("a", MAIN, State.RUNNING, 1));
    database.sql().update(STATUS).setNull(STATUS.DUE_AT).where(ours()).execute();
    record(arrival("b", MAIN, State.SUCCESS, 2));

    assertThat(row(MAIN).getClaim()).isEqualTo(2);
    StatusClaim claim = poster.over.getLast().getFirst();
    assertThat(claim.begunWith()).isEmpty();
    assertThat(claim.postedBy()).contains(credential);
    assertThat(claim.desired())
        .usingRecursiveComparison()
        .ignoringFields("trace.span")
        .isEqualTo(statuses.desired(database.sql(), claim.status()));
    assertThat(claim.isFinal()).isTrue();
  }

  @Test
  void whatIsUnderWayIsNotClaimedAgain() {
    record(arrival("a", MAIN, State.RUNNING, 1));
    record(arrival("b", MAIN, State.SUCCESS, 2));

    assertThat(row(MAIN).getClaim()).isOne();
    assertThat(row(MAIN).getDueAt()).isEqualTo(NOON.plus(HOLD));
    assertThat(poster.asked).containsExactly(1);
  }

  @Test
  void whatHasNoTurnIsDueForWhoeverLooks() {
    poster.turns = 1;
    record(arrival("a", MAIN, State.RUNNING, 1), arrival("b", NEXT, State.RUNNING, 2));
    poster.admits = false;
    poster.turns = 10;
    record(arrival("c", "refs/heads/third", State.RUNNING, 3));

    assertThat(poster.over).extracting(List::size).containsExactly(1, 0);
    assertThat(
            statuses.claim(database.sql(), new Room(10, List.of(), UUID::toString), HOLD).stream()
                .filter(claim -> claim.status().repository().equals(repository.id()))
                .toList())
        .hasSize(2)
        .allSatisfy(claim -> assertThat(claim.postedBy()).isEmpty());
  }

  @Test
  void whereAnotherHasItsKeyItIsClaimedUnderTheKeyThatItGets() {
    record(arrival("a", MAIN, State.RUNNING, 1));
    // The derived key of the second ref is another status' key as it is.
    String taken = StatusKey.further("unit", NEXT);
    database.sql().update(STATUS).set(STATUS.SHOWN_KEY, taken).where(ours()).execute();
    record(arrival("b", NEXT, State.RUNNING, 2));

    StatusClaim claim = poster.over.getLast().getFirst();
    assertThat(claim.status().shownKey()).isEqualTo(row(NEXT).getShownKey()).isNotEqualTo(taken);
    assertThat(claim.desired().status()).isEqualTo(claim.status());
  }

  @Test
  void nothingIsBegunWhereTheTransactionIsNotCommitted() {
    assertThatThrownBy(
            () ->
                database.write(
                    transaction -> {
                      statuses.record(
                          transaction, List.of(arrival("a", MAIN, State.RUNNING, 1)), poster);
                      throw new IllegalStateException("and then it broke");
                    }))
        .hasMessageContaining("and then it broke");
    assertThat(poster.over).containsExactly(List.of());
    assertThat(database.sql().fetchCount(STATUS, ours())).isZero();
  }

  private void record(ReceivedBuildState... batch) {
    database.write(transaction -> statuses.record(transaction, List.of(batch), poster));
  }

  private ReceivedBuildState arrival(String event, @Nullable String ref, State state, int second) {
    return arrivals.of(repository, event, ref, "1", state, null, second);
  }

  private StatusRecord row(String ref) {
    return database.sql().fetchSingle(STATUS, ours().and(STATUS.REF.eq(ref)));
  }

  private Condition ours() {
    return STATUS.REPOSITORY_ID.eq(repository.id());
  }
}
