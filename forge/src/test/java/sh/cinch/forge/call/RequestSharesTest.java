package sh.cinch.forge.call;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.forge.Tables.REQUEST_BUDGET;
import static sh.cinch.database.forge.Tables.REQUEST_HOUR;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.call.RequestShares.Spent;
import sh.cinch.service.database.Database;
import sh.cinch.service.lease.Lease;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.ManualClock;

/** Of 100 requests an hour, 40 are there to be asked for; one account as many as are left. */
class RequestSharesTest {

  private static final Database DATABASE = Databases.fresh();

  private final ManualClock clock = new ManualClock();
  private final String identity = UUID.randomUUID().toString();
  private final RequestShares shares = RequestShares.of(DATABASE, clock, 100);

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  void whoeverHasHadNoneFindsSome() {
    assertThat(taken("loud", Purpose.PAGE)).isEqualTo(20);
    assertThat(taken("as loud", Purpose.CONNECTING)).isEqualTo(10);
    assertThat(taken("third", Purpose.PAGE)).isEqualTo(5);
    assertThat(take("loud", Pool.REPOSITORIES, Purpose.PAGE).orElseThrow().reason())
        .contains("all accounts together may ask it 40 times an hour");
  }

  @Test
  void allTogetherLeaveTheRest() {
    int taken = 0;
    for (int i = 0; i < 10; i++) {
      taken += taken("account " + i, Purpose.PAGE);
    }
    assertThat(taken).isEqualTo(40);
  }

  @Test
  void dryRunsOfARepositoryLeaveTheOthersSome() {
    UUID loud = UUID.randomUUID();
    assertThat(dryRuns("one", loud)).isEqualTo(10);
    assertThat(dryRuns("one", UUID.randomUUID())).isEqualTo(10);
    assertThat(take(dryRun(loud), "one").orElseThrow().reason())
        .contains("dry runs of a repository's releases may ask it 10 times an hour, and did");
  }

  @Test
  void dryRunsOfAnothersConnectionAreItsOwn() {
    UUID repository = UUID.randomUUID();
    dryRuns("one", repository);
    assertThat(take(dryRun(repository), "other")).isEmpty();
  }

  @Test
  void aClockThatWasWrongHoldsUpNobody() {
    clock.advance(Duration.ofDays(365));
    taken("one", Purpose.PAGE);
    clock.advance(Duration.ofDays(-365));
    assertThat(taken("one", Purpose.PAGE)).isEqualTo(20);
  }

  @Test
  void clocksThatDifferByLittleCountTogether() {
    clock.advance(Duration.ofMinutes(1));
    taken("one", Purpose.PAGE);
    clock.advance(Duration.ofMinutes(-1));
    assertThat(take("one", Pool.REPOSITORIES, Purpose.PAGE)).isPresent();
  }

  @Test
  void whoeverCountsForLongKeepsNobodyWaiting() {
    take("one", Pool.REPOSITORIES, Purpose.PAGE);
    Spent spent =
        DATABASE.transaction(
            paused -> {
              paused
                  .selectFrom(REQUEST_HOUR)
                  .where(REQUEST_HOUR.IDENTITY.eq(identity))
                  .forUpdate()
                  .fetch();
              return take("other", Pool.REPOSITORIES, Purpose.PAGE).orElseThrow();
            });
    assertThat(spent.reason()).contains("could not be counted within a second");
  }

  @Test
  void whatCinchOwesIsAskedForBeyondAnyShare() {
    taken("one", Purpose.PAGE);
    assertThat(take("one", Pool.REPOSITORIES, Purpose.FINAL_STATUS)).isEmpty();
    assertThat(take("one", Pool.REPOSITORIES, Purpose.RELEASE)).isEmpty();
  }

  @Test
  void webhooksHaveMore() {
    taken("one", Purpose.CONNECTING);
    for (int i = 0; i < 40; i++) {
      assertThat(take("one", Pool.WEBHOOKS, Purpose.CONNECTING)).isEmpty();
    }
    assertThat(take("one", Pool.WEBHOOKS, Purpose.CONNECTING)).isPresent();
  }

  @Test
  void instancesSpendOneShare() {
    RequestShares other = RequestShares.of(DATABASE, clock, 100);
    for (int i = 0; i < 10; i++) {
      take("one", Pool.REPOSITORIES, Purpose.PAGE);
      other.take(lease("one"), caller(Purpose.PAGE), Pool.REPOSITORIES);
    }
    assertThat(take("one", Pool.REPOSITORIES, Purpose.PAGE)).isPresent();
  }

  @Test
  void anHourLaterItIsThereAgain() {
    clock.advance(Duration.between(clock.instant(), Instant.parse("2026-01-01T10:00:30Z")));
    taken("one", Purpose.PAGE);
    clock.advance(Duration.ofMinutes(59));
    Spent spent = take("one", Pool.REPOSITORIES, Purpose.PAGE).orElseThrow();
    assertThat(spent.pause()).isEqualTo(Duration.ofSeconds(30));
    assertThat(spent.reason())
        .contains("this one had as many as it leaves the others")
        .endsWith("in 1 minute.");

    clock.advance(spent.pause());

    assertThat(taken("one", Purpose.PAGE)).isEqualTo(20);
  }

  @Test
  void whatCountsNoMoreIsForgotten() {
    taken("one", Purpose.PAGE);
    clock.advance(Duration.ofMinutes(62));
    take("other", Pool.REPOSITORIES, Purpose.PAGE);
    assertThat(
            DATABASE
                .sql()
                .fetchExists(
                    REQUEST_HOUR,
                    REQUEST_HOUR.IDENTITY.eq(identity).and(REQUEST_HOUR.PARTY.eq("one"))))
        .isFalse();
  }

  @Test
  void whereTheForgeCountsNothingNothingIsCounted() {
    RequestShares without = RequestShares.of(DATABASE, clock, 0);
    for (int i = 0; i < 1_000; i++) {
      assertThat(without.take(lease("one"), caller(Purpose.PAGE), Pool.REPOSITORIES)).isEmpty();
    }
  }

  @Test
  void noShareIsSpentWhereTheBudgetIs() {
    try (Requests requests = requests()) {
      for (int i = 0; i < 100; i++) {
        requests.made(identity, Pool.REPOSITORIES, Purpose.FINAL_STATUS);
      }
      assertThat(requests.take(lease("one"), caller(Purpose.PAGE), Pool.REPOSITORIES))
          .isInstanceOf(Requests.Passage.Shut.class);
    }
    assertThat(DATABASE.sql().fetchCount(REQUEST_HOUR, REQUEST_HOUR.IDENTITY.eq(identity)))
        .isZero();
  }

  @Test
  void whereTheShareIsSpentTheBudgetIsNot() {
    try (Requests requests = requests()) {
      for (int i = 0; i < 25; i++) {
        Requests.Passage passage =
            requests.take(lease("one"), caller(Purpose.PAGE), Pool.REPOSITORIES);
        assertThat(passage instanceof Requests.Passage.Open).isEqualTo(i < 20);
        if (passage instanceof Requests.Passage.Open(Requests.Ticket ticket)) {
          ticket.takesLong();
        }
      }
    }
    Integer[] looks =
        DATABASE.sql().fetchSingle(REQUEST_BUDGET, REQUEST_BUDGET.IDENTITY.eq(identity)).getLooks();
    assertThat(Arrays.stream(looks).mapToInt(Integer::intValue).sum()).isEqualTo(20);
  }

  private Requests requests() {
    return new Requests(DATABASE, clock, new SimpleMeterRegistry(), HourlyLimit.of(100));
  }

  private int taken(String account, Purpose purpose) {
    int taken = 0;
    while (take(account, Pool.REPOSITORIES, purpose).isEmpty()) {
      taken++;
    }
    return taken;
  }

  private Optional<Spent> take(String account, Pool pool, Purpose purpose) {
    return shares.take(lease(account), caller(purpose), pool);
  }

  private int dryRuns(String account, UUID repository) {
    int taken = 0;
    while (take(dryRun(repository), account).isEmpty()) {
      taken++;
    }
    return taken;
  }

  private Optional<Spent> take(ForgeCaller caller, String account) {
    return shares.take(lease(account), caller, Pool.REPOSITORIES);
  }

  private static ForgeCaller dryRun(UUID repository) {
    return caller(Purpose.RELEASE_CHECK).about(repository);
  }

  private static ForgeCaller caller(Purpose purpose) {
    return ForgeCaller.once(UUID.randomUUID(), purpose);
  }

  private Lease lease(String account) {
    return new Lease(
        UUID.randomUUID(), Secret.of("Bearer t"), Instant.MAX, identity, Optional.of(account));
  }
}
