package sh.cinch.service.due;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.status_worker.Tables.COMMIT_STATUS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jooq.Condition;
import org.junit.jupiter.api.Test;
import sh.cinch.database.status_worker.tables.records.CommitStatusRecord;
import sh.cinch.service.Backends;
import sh.cinch.service.database.Database;
import sh.cinch.testkit.ManualClock;

/** A row is one instance's at a time, and nobody's for ever. */
class DueRowsTest {

  private static final Duration HOLD = Duration.ofSeconds(30);

  private final Database database = Backends.context().database();
  private final ManualClock clock = new ManualClock();
  private final UUID repository = UUID.randomUUID();
  private final DueRows<CommitStatusRecord> rows =
      new DueRows<>(COMMIT_STATUS, COMMIT_STATUS.DUE_AT, COMMIT_STATUS.CLAIM, clock);

  @Test
  void whatIsDueIsClaimedOnce() {
    due("a");
    assertThat(keys(claim(10))).containsExactly("a");
    assertThat(claim(10)).isEmpty();
  }

  @Test
  void whatIsNotYetDueWaits() {
    due("a");
    clock.advance(Duration.ofSeconds(-1));
    assertThat(claim(10)).isEmpty();
  }

  @Test
  void theLongestDueComesFirst() {
    due("late");
    clock.advance(Duration.ofSeconds(-10));
    due("early");
    clock.advance(Duration.ofSeconds(10));
    assertThat(keys(claim(1))).containsExactly("early");
  }

  @Test
  void killedAfterClaimingTheRowIsAnybodysOnceTheClaimRanOut() {
    due("a");
    claim(1); // and killed
    clock.advance(HOLD.minusMillis(1));
    assertThat(claim(1)).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(keys(claim(1))).containsExactly("a");
  }

  @Test
  void settledItIsDueNoMoreOrWhenItWasTold() {
    due("a");
    CommitStatusRecord claimed = claim(1).getFirst();
    assertThat(settle(claimed, null)).isTrue();
    clock.advance(Duration.ofDays(1));
    assertThat(claim(1)).isEmpty();

    due("b");
    CommitStatusRecord again = claim(1).getFirst();
    rows.settle(
        database.sql(),
        again,
        Map.of(COMMIT_STATUS.ATTEMPTS, 1),
        clock.instant().plus(Duration.ofMinutes(1)));
    assertThat(claim(1)).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    assertThat(claim(1)).singleElement().returns(1, CommitStatusRecord::getAttempts);
  }

  @Test
  void whoLostTheRowWritesNothing() {
    due("a");
    CommitStatusRecord slow = claim(1).getFirst();
    clock.advance(HOLD);
    CommitStatusRecord taken = claim(1).getFirst();
    assertThat(settle(slow, null)).isFalse();
    assertThat(settle(taken, null)).isTrue();
  }

  @Test
  void twoInstancesNeverHoldTheSameRow() throws Exception {
    for (int i = 0; i < 200; i++) {
      due("k" + i);
    }
    List<String> taken = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> instances = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      instances.add(
          Thread.startVirtualThread(
              () -> {
                await(go);
                for (List<CommitStatusRecord> mine = claim(7); !mine.isEmpty(); mine = claim(7)) {
                  taken.addAll(keys(mine));
                }
              }));
    }
    go.countDown();
    for (Thread instance : instances) {
      instance.join();
    }
    assertThat(taken).hasSize(200);
    assertThat(new HashSet<>(taken)).hasSize(200);
  }

  private List<CommitStatusRecord> claim(int limit) {
    Condition mine = COMMIT_STATUS.REPOSITORY_ID.eq(repository);
    return rows.claim(database.sql(), mine, limit, HOLD);
  }

  private boolean settle(
      CommitStatusRecord claimed, java.time.@org.jspecify.annotations.Nullable Instant next) {
    return rows.settle(database.sql(), claimed, Map.of(COMMIT_STATUS.ATTEMPTS, 1), next);
  }

  private static List<String> keys(List<CommitStatusRecord> claimed) {
    return claimed.stream().map(CommitStatusRecord::getStatusKey).toList();
  }

  private void due(String key) {
    CommitStatusRecord row = database.sql().newRecord(COMMIT_STATUS);
    row.setRepositoryId(repository);
    row.setCommitHash("b2".repeat(20));
    row.setStatusKey(key);
    row.setEventId(key);
    row.setVersion(1L);
    row.setDueAt(clock.instant());
    row.insert();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
