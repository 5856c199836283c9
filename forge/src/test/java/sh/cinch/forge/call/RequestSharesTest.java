package sh.cinch.forge.call;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.forge.Tables.REQUEST_HOUR;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.call.RequestShares.Spent;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.lease.Lease;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.ManualClock;
import sh.cinch.testkit.TestServers;

/** Of 100 requests an hour, 40 are there to be asked for; one account may have 20. */
class RequestSharesTest {

  private static final Database DATABASE = database();

  private final ManualClock clock = new ManualClock();
  private final String identity = UUID.randomUUID().toString();
  private final RequestShares shares = RequestShares.of(DATABASE, clock, 100);

  private static Database database() {
    var fresh = TestServers.shared().freshDatabase();
    return Database.open(
        new DatabaseSettings(fresh.url(), fresh.user(), Secret.of(fresh.password())));
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  void anAccountHasItsShareAndOthersHaveTheirs() {
    assertThat(taken("loud", Purpose.PAGE)).isEqualTo(20);
    assertThat(taken("other", Purpose.PAGE)).isEqualTo(20);
  }

  @Test
  void allTogetherLeaveTheRest() {
    taken("one", Purpose.PAGE);
    taken("two", Purpose.CONNECTING);
    assertThat(take("three", Pool.REPOSITORIES, Purpose.PAGE).orElseThrow().reason())
        .contains("all accounts together may ask it 40 times an hour");
  }

  @Test
  void checksOfReleasesLeaveTheAccountItsPages() {
    assertThat(taken("one", Purpose.RELEASE_CHECK)).isEqualTo(10);
    assertThat(taken("one", Purpose.PAGE)).isEqualTo(10);
  }

  @Test
  void whatCinchOwesIsAskedForBeyondAnyShare() {
    taken("one", Purpose.PAGE);
    assertThat(take("one", Pool.REPOSITORIES, Purpose.STATUS)).isEmpty();
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
      other.take(lease("one"), UUID.randomUUID(), Pool.REPOSITORIES, Purpose.PAGE);
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
        .contains("this account may ask it 20 times an hour")
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
      assertThat(without.take(lease("one"), UUID.randomUUID(), Pool.REPOSITORIES, Purpose.PAGE))
          .isEmpty();
    }
  }

  private int taken(String account, Purpose purpose) {
    int taken = 0;
    while (take(account, Pool.REPOSITORIES, purpose).isEmpty()) {
      taken++;
    }
    return taken;
  }

  private Optional<Spent> take(String account, Pool pool, Purpose purpose) {
    return shares.take(lease(account), UUID.randomUUID(), pool, purpose);
  }

  private Lease lease(String account) {
    return new Lease(
        UUID.randomUUID(), Secret.of("Bearer t"), Instant.MAX, identity, Optional.of(account));
  }
}
