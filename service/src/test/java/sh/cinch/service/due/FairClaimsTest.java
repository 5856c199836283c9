package sh.cinch.service.due;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.status_worker.Tables.STATUS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.ExecuteListener;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.service.Backends;
import sh.cinch.service.database.Database;
import sh.cinch.testkit.ManualClock;

/** However much one has due, another's is claimed with the next room there is. */
class FairClaimsTest {

  private static final Duration HOLD = Duration.ofMinutes(1);
  private static final Function<UUID, String> ONES_OWN = UUID::toString;

  private final Database database = Backends.context().database();
  private final ManualClock clock = new ManualClock();
  private final FairClaims<StatusRecord> claims =
      new FairClaims<>(
          new DueRows<>(STATUS, STATUS.DUE_AT, STATUS.CLAIM, clock), STATUS.REPOSITORY_ID);
  private final UUID loud = UUID.randomUUID();

  @BeforeEach
  void nothingIsDue() {
    database.sql().deleteFrom(STATUS).execute();
  }

  @Test
  void oneAloneHasHalfOfWhatThereIs() {
    due(loud, 20);
    assertThat(claim(8, ONES_OWN)).isEqualTo(Map.of(loud, 4L));
  }

  @Test
  void whoComesLaterIsNextWhoeverIsDueForLonger() {
    due(loud, 20);
    clock.advance(Duration.ofSeconds(1));
    UUID quiet = due(UUID.randomUUID(), 1);

    assertThat(claims(1, Collections.nCopies(4, loud), ONES_OWN)).isEqualTo(Map.of(quiet, 1L));
  }

  @Test
  void whoHasHadAPlaceIsBehindWhoWaitsForOne() {
    List<UUID> busy = manyDue(8, 20);
    assertThat(claim(8, ONES_OWN)).containsOnlyKeys(busy);
    clock.advance(Duration.ofSeconds(1));
    UUID quiet = due(UUID.randomUUID(), 1);
    clock.advance(Duration.ofSeconds(1));

    assertThat(claims(1, busy.subList(1, 8), ONES_OWN)).containsOnlyKeys(quiet);
    assertThat(claims(1, busy.subList(1, 8), ONES_OWN)).containsOnlyKeys(busy.getFirst());
  }

  @Test
  void aCredentialThatHasHadAPlaceIsBehindWhoWaitsForOne() {
    List<UUID> workspace = manyDue(3, 20);
    Function<UUID, String> credential =
        repository -> workspace.contains(repository) ? "one credential" : repository.toString();
    UUID other = due(UUID.randomUUID(), 20);
    assertThat(claims(2, List.of(), credential)).hasSize(2).containsKey(other);
    clock.advance(Duration.ofSeconds(1));
    UUID quiet = due(UUID.randomUUID(), 1);
    clock.advance(Duration.ofSeconds(1));

    assertThat(claims(1, List.of(other), credential)).containsOnlyKeys(quiet);
  }

  @Test
  void repositoriesThatWantMoreThanThereIsHaveTheirTurns() {
    List<UUID> all = manyDue(5, 20);
    List<UUID> turns = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      clock.advance(Duration.ofSeconds(1));
      turns.addAll(claims(1, List.of(), repository -> "one credential").keySet());
    }
    assertThat(turns.subList(0, 5)).containsExactlyInAnyOrderElementsOf(all);
    assertThat(turns.subList(5, 10)).isEqualTo(turns.subList(0, 5));
  }

  @Test
  void twoThatHaveMuchLeaveOneForWhoeverHasNone() {
    due(loud, 20);
    UUID other = due(UUID.randomUUID(), 20);
    Map<UUID, Long> claimed = claim(8, ONES_OWN);
    assertThat(claimed).containsOnlyKeys(loud, other);
    assertThat(claimed.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(6);
  }

  @Test
  void aCredentialWithManyRepositoriesLeavesSomeToo() {
    for (int i = 0; i < 20; i++) {
      due(UUID.randomUUID(), 1);
    }
    assertThat(claim(9, repository -> "one credential")).hasSize(6);
  }

  @Test
  void repositoriesOfACredentialTakeTurns() {
    due(loud, 20);
    clock.advance(Duration.ofSeconds(1));
    UUID second = due(UUID.randomUUID(), 20);
    assertThat(claim(6, repository -> "one credential")).isEqualTo(Map.of(loud, 2L, second, 2L));
  }

  @Test
  void ofARepositoryTheLongestDueComesFirst() {
    due(loud, 1);
    clock.advance(Duration.ofSeconds(-1));
    due(loud, 1);
    List<StatusRecord> claimed =
        claims.claim(database.sql(), new Room(2, List.of(), ONES_OWN), HOLD);
    assertThat(claimed).singleElement().returns(1L, StatusRecord::getClaim);
    assertThat(database.sql().fetchSingle(STATUS, STATUS.CLAIM.eq(1L)).getShownKey())
        .isEqualTo("k1");
  }

  @Test
  void moreRepositoriesThanALookTakesAllHaveTheirTurn() {
    int all = 1_100;
    database
        .sql()
        .batchInsert(IntStream.range(0, all).mapToObj(i -> row(UUID.randomUUID(), 0)).toList())
        .execute();
    List<UUID> claimed = new ArrayList<>();
    while (claimed.size() < all) {
      List<UUID> some =
          repositories(claims.claim(database.sql(), new Room(200, List.of(), ONES_OWN), HOLD));
      assertThat(some).as("after %d", claimed.size()).isNotEmpty();
      claimed.addAll(some);
    }
    assertThat(claimed).doesNotHaveDuplicates();
  }

  @Test
  void whereNothingIsDueNobodyIsLookedAt() {
    due(loud, 2);
    clock.advance(Duration.ofSeconds(-1));
    assertThat(statements(new Room(8, List.of(), ONES_OWN))).isOne();
  }

  @Test
  void eachIsLookedAtOnceWhereverTheLookBegins() {
    database
        .sql()
        .batchInsert(IntStream.range(0, 1_100).mapToObj(i -> row(UUID.randomUUID(), 0)).toList())
        .execute();
    claim(1, ONES_OWN); // looks at 500
    Room none = new Room(1, Collections.nCopies(2, loud), repository -> "one credential");
    // Whether anything is due; then 500, the last 100, the first 500, and nobody up to there.
    assertThat(statements(none)).isEqualTo(5);
  }

  private int statements(Room room) {
    AtomicInteger statements = new AtomicInteger();
    DSLContext counting =
        DSL.using(
            database
                .sql()
                .configuration()
                .deriveAppending(
                    ExecuteListener.onExecuteStart(any -> statements.incrementAndGet())));
    claims.claim(counting, room, HOLD);
    return statements.get();
  }

  @Test
  void whatIsNotDueYetIsLeftAlone() {
    due(loud, 2);
    clock.advance(Duration.ofSeconds(-1));
    assertThat(claim(8, ONES_OWN)).isEmpty();
  }

  private Map<UUID, Long> claim(int free, Function<UUID, String> credential) {
    return claims(free, List.of(), credential);
  }

  private Map<UUID, Long> claims(int free, List<UUID> underWay, Function<UUID, String> credential) {
    return repositories(claims.claim(database.sql(), new Room(free, underWay, credential), HOLD))
        .stream()
        .collect(groupingBy(Function.identity(), counting()));
  }

  private static List<UUID> repositories(List<StatusRecord> claimed) {
    return claimed.stream().map(StatusRecord::getRepositoryId).toList();
  }

  private List<UUID> manyDue(int repositories, int rows) {
    return Stream.generate(() -> due(UUID.randomUUID(), rows)).limit(repositories).toList();
  }

  private UUID due(UUID repository, int many) {
    int before = database.sql().fetchCount(STATUS, STATUS.REPOSITORY_ID.eq(repository));
    for (int i = before; i < before + many; i++) {
      database.sql().executeInsert(row(repository, i));
    }
    return repository;
  }

  private StatusRecord row(UUID repository, int number) {
    StatusRecord row = new StatusRecord();
    row.setRepositoryId(repository);
    row.setCommitHash("c");
    row.setShownKey("k" + number);
    row.setStatusKey("k" + number);
    row.setRef("");
    row.setEventId("e");
    row.setWantedSince(clock.instant());
    row.setProgress("pending");
    row.setChangedAt(clock.instant());
    row.setDueAt(clock.instant());
    return row;
  }
}
