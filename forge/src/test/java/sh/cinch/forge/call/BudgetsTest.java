package sh.cinch.forge.call;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.forge.Tables.REQUEST_BUDGET;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.database.forge.tables.records.RequestBudgetRecord;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Priority;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.call.LocalBudget.Taking;
import sh.cinch.service.database.Database;
import sh.cinch.testkit.ManualClock;

/** Of 100 requests an hour, and two instances that share them. */
class BudgetsTest {

  private static final Database DATABASE = Databases.fresh();

  private final ManualClock clock = new ManualClock();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final String identity = UUID.randomUUID().toString();
  private final Budgets here = instance(100);
  private final Budgets there = instance(100);

  @BeforeEach
  void nothingWasAskedFor() {
    DATABASE.sql().deleteFrom(REQUEST_BUDGET).execute();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  void aBurstOfFinalStatesMayUseAllButWhatIsOthersOwn() {
    assertThat(taken(here, Priority.FINAL)).isEqualTo(85);
    assertThat(taken(here, Priority.START)).isZero();
    assertThat(taken(here, Priority.RELEASE)).isEqualTo(5);
    assertThat(taken(here, Priority.LOOK)).isEqualTo(5);
    assertThat(taken(here, Priority.RECONCILE)).isEqualTo(5);
    assertThat(row().get(REQUEST_BUDGET.FINALS))
        .satisfies(all -> assertThat(sum(all)).isEqualTo(85));
  }

  @Test
  void whoeverComesLaterStopsWhileSomethingIsLeftForThoseBefore() {
    assertThat(taken(here, Priority.LOOK)).isEqualTo(50);
    assertThat(taken(here, Priority.RELEASE)).isEqualTo(15);
    assertThat(taken(here, Priority.START)).isEqualTo(10);
    assertThat(taken(here, Priority.FINAL)).isEqualTo(20);
    assertThat(taken(here, Priority.RECONCILE)).isEqualTo(5);
  }

  @Test
  void ofWebhooksOnlyTheReconcilersShareIsKept() {
    LocalBudget hooks = here.of(identity, Pool.WEBHOOKS);
    assertThat(taken(hooks, Priority.LOOK)).isEqualTo(95);
    assertThat(taken(hooks, Priority.RECONCILE)).isEqualTo(5);
  }

  @Test
  void instancesSpendOneBudget() {
    int all = 0;
    while (true) {
      int both = take(here, Priority.FINAL) + take(there, Priority.FINAL);
      if (both == 0) {
        break;
      }
      all += both;
    }
    assertThat(all).isEqualTo(85);
  }

  @Test
  void aFewAreReservedAtOnceAndWhatIsNotNeededIsGivenBack() {
    Budgets many = instance(1000);
    take(many, Priority.FINAL);
    assertThat(sum(row().getFinals())).isEqualTo(20);

    many.tend();
    assertThat(sum(row().getFinals())).isEqualTo(20);
    clock.advance(Duration.ofSeconds(3));
    many.tend();

    assertThat(sum(row().getFinals())).isEqualTo(1);
  }

  @Test
  void anInstanceThatStopsGivesBackWhatItDidNotNeed() {
    Budgets many = instance(1000);
    take(many, Priority.FINAL);
    many.close();
    assertThat(sum(row().getFinals())).isEqualTo(1);
  }

  @Test
  void anHourAndALittleLaterItIsThereAgain() {
    clock.advance(Duration.between(clock.instant(), Instant.parse("2026-01-01T10:00:30Z")));
    taken(here, Priority.FINAL);
    clock.advance(Duration.ofMinutes(61));
    Taking.Withheld withheld =
        (Taking.Withheld) here.of(identity, Pool.REPOSITORIES).take(Priority.FINAL);
    assertThat(withheld.until()).isEqualTo(Instant.parse("2026-01-01T11:02:00Z"));
    assertThat(reason(here, Purpose.FINAL_STATUS))
        .isEqualTo(
            "waits for Bitbucket's hourly limit, about 30 seconds; a repository access token has a"
                + " limit of its own");

    clock.advance(Duration.ofSeconds(30));

    assertThat(taken(here, Priority.FINAL)).isEqualTo(85);
  }

  @Test
  void aRefusalRestsTheAccountInAllInstancesAndNoOther() {
    refuse(here, Optional.empty());
    there.tend();

    assertThat(take(here, Priority.FINAL)).isZero();
    assertThat(take(there, Priority.FINAL)).isZero();
    assertThat(reason(there, Purpose.FINAL_STATUS)).contains("asks again in about 5 seconds");
    assertThat(
            metrics.get("cinch.forge.budget.resting").tag("pool", "repositories").gauge().value())
        .isEqualTo(1);
    assertThat(taken(here.of("another", Pool.REPOSITORIES), Priority.FINAL)).isEqualTo(85);
    assertThat(taken(here.of(identity, Pool.WEBHOOKS), Priority.LOOK)).isEqualTo(95);
  }

  @Test
  void afterARestOneRequestTellsForAll() {
    refuse(here, Optional.empty());
    there.tend();
    clock.advance(Duration.ofSeconds(6));

    assertThat(here.allowance(identity, Pool.REPOSITORIES, Purpose.FINAL_STATUS, true))
        .isInstanceOfSatisfying(Allowance.Some.class, some -> assertThat(some.most()).isEqualTo(1));
    LocalBudget mine = here.of(identity, Pool.REPOSITORIES);
    Taking.Taken probe = (Taking.Taken) mine.take(Priority.FINAL);
    assertThat(probe.isProbe()).isTrue();
    assertThat(take(here, Priority.FINAL)).isZero();
    assertThat(take(there, Priority.FINAL)).isZero();

    mine.ended(probe, true, true);
    there.tend();

    assertThat(take(here, Priority.FINAL)).isEqualTo(1);
    assertThat(take(there, Priority.FINAL)).isEqualTo(1);
  }

  @Test
  void whileItIsRefusedItIsAskedEveryFiveSecondsAndThenEveryMinute() {
    refuse(here, Optional.empty());
    int asked = asked(Duration.ofSeconds(45));
    assertThat(asked).isBetween(6, 9);
    asked(Duration.ofMinutes(15));
    assertThat(asked(Duration.ofMinutes(10))).isBetween(9, 10);
  }

  @Test
  void anAnswerThatDoesNotComeEndsNoRest() {
    refuse(here, Optional.empty());
    clock.advance(Duration.ofSeconds(6));
    LocalBudget mine = here.of(identity, Pool.REPOSITORIES);
    mine.ended((Taking.Taken) mine.take(Priority.FINAL), true, false);
    assertThat(take(here, Priority.FINAL)).isZero();
    clock.advance(Duration.ofSeconds(6));
    assertThat(take(here, Priority.FINAL)).isEqualTo(1);
  }

  @Test
  void whoeverWasToTellAndWasKilledIsFollowedByAnother() {
    refuse(here, Optional.empty());
    clock.advance(Duration.ofSeconds(6));
    assertThat(here.of(identity, Pool.REPOSITORIES).take(Priority.FINAL))
        .isInstanceOf(Taking.Taken.class);
    clock.advance(Duration.ofSeconds(29));
    assertThat(take(there, Priority.FINAL)).isZero();
    clock.advance(Duration.ofSeconds(2));
    assertThat(take(there, Priority.FINAL)).isEqualTo(1);
  }

  @Test
  void whoeverWaitsForTheAnswerLooksAgainSoon() {
    refuse(here, Optional.empty());
    clock.advance(Duration.ofSeconds(6));
    here.of(identity, Pool.REPOSITORIES).take(Priority.FINAL);
    assertThat(there.of(identity, Pool.REPOSITORIES).take(Priority.FINAL))
        .isEqualTo(new Taking.Withheld(true, clock.instant().plusSeconds(2)));
  }

  @Test
  void whatTheForgeAsksForIsKeptWithinBounds() {
    refuse(here, Optional.of(Duration.ofMinutes(7)));
    clock.advance(Duration.ofMinutes(6));
    assertThat(take(here, Priority.FINAL)).isZero();
    clock.advance(Duration.ofMinutes(1));
    assertThat(take(here, Priority.FINAL)).isEqualTo(1);

    refuse(here, Optional.of(Duration.ofDays(3)));
    clock.advance(Duration.ofMinutes(61));
    assertThat(take(here, Priority.FINAL)).isEqualTo(1);
  }

  @Test
  void aRefusalBeforeTheLimitLowersItForAnHourToWhatWasCounted() {
    for (int i = 0; i < 40; i++) {
      take(here, Priority.FINAL);
    }
    clock.advance(Duration.ofMinutes(5));
    refuse(here, Optional.empty());
    assertThat(row().getLoweredLimit()).isEqualTo(40);

    // The forge has forgotten all of these when it takes requests again: its limit may be so low.
    clock.advance(Duration.ofMinutes(56));
    assertThat(take(here, Priority.FINAL)).isEqualTo(1);
    assertThat(row().getLoweredLimit()).isEqualTo(40);
    clock.advance(Duration.ofMinutes(5));
    take(here, Priority.FINAL);
    assertThat(row().getLoweredLimit()).isNull();
  }

  @Test
  void aLimitThatTheForgeGoesBeyondIsNone() {
    for (int i = 0; i < 40; i++) {
      take(here, Priority.FINAL);
    }
    refuse(here, Optional.empty());
    clock.advance(Duration.ofSeconds(6));
    assertThat(take(here, Priority.FINAL)).isEqualTo(1);
    assertThat(row().getLoweredLimit()).isNull();
    assertThat(taken(here, Priority.FINAL)).isEqualTo(44);
  }

  @Test
  void whatWasUnderWayAndThenRefusedTooIsNotAmongWhatTheForgeCounted() {
    LocalBudget mine = here.of(identity, Pool.REPOSITORIES);
    for (int i = 0; i < 30; i++) {
      take(here, Priority.FINAL);
    }
    List<Taking.Taken> underWay = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      underWay.add((Taking.Taken) mine.take(Priority.FINAL));
      mine.takesLong();
    }
    underWay.forEach(each -> mine.refused(Priority.FINAL, each, false, Optional.empty()));
    clock.advance(Duration.ofSeconds(6));

    assertThat(take(here, Priority.FINAL)).isEqualTo(1);

    assertThat(row().getLoweredLimit()).isNull();
    assertThat(taken(here, Priority.FINAL)).isEqualTo(54);
  }

  @Test
  void norIsWhatAnotherInstanceHadReserved() {
    Budgets one = instance(1000);
    Budgets other = instance(1000);
    take(other, Priority.FINAL);
    take(one, Priority.FINAL);
    refuse(one, Optional.of(Duration.ofSeconds(2)));
    assertThat(row().getLoweredLimit()).isEqualTo(21);
    clock.advance(Duration.ofSeconds(1));
    other.tend();
    assertThat(row().getLoweredLimit()).isEqualTo(2);
    clock.advance(Duration.ofSeconds(1));

    assertThat(take(one, Priority.FINAL)).isEqualTo(1);

    assertThat(row().getLoweredLimit()).isNull();
  }

  @Test
  void aRequestThatIsTakenBecauseOthersAreForgottenLiftsNoLimit() {
    clock.advance(Duration.between(clock.instant(), Instant.parse("2026-01-01T10:00:30Z")));
    for (int i = 0; i < 20; i++) {
      take(here, Priority.FINAL);
    }
    clock.advance(Duration.ofMinutes(30));
    for (int i = 0; i < 20; i++) {
      take(here, Priority.FINAL);
    }
    clock.advance(Duration.ofMinutes(29));
    refuse(here, Optional.of(Duration.ofMinutes(4)));
    clock.advance(Duration.ofMinutes(4));

    assertThat(take(here, Priority.FINAL)).isEqualTo(1);

    assertThat(row().getLoweredLimit()).isEqualTo(40);
  }

  @Test
  void aRestThatNobodyEndsIsNoneAWindowLater() {
    refuse(here, Optional.empty());
    clock.advance(Duration.ofMinutes(62));
    here.tend();
    assertThat(
            metrics.get("cinch.forge.budget.resting").tag("pool", "repositories").gauge().value())
        .isZero();
    Taking.Taken taken = (Taking.Taken) here.of(identity, Pool.REPOSITORIES).take(Priority.FINAL);
    assertThat(taken.isProbe()).isFalse();
  }

  @Test
  void aRestThatNobodyEndsIsForgotten() {
    refuse(here, Optional.empty());
    clock.advance(Duration.ofHours(3));
    take(there.of("another", Pool.REPOSITORIES), Priority.FINAL);
    assertThat(DATABASE.sql().fetchCount(REQUEST_BUDGET, REQUEST_BUDGET.IDENTITY.eq(identity)))
        .isZero();
  }

  @Test
  void anInstanceWhoseClockIsMinutesAheadForgetsNothingForTheOthers() {
    ManualClock ahead = new ManualClock();
    ahead.advance(Duration.between(ahead.instant(), clock.instant().plus(Duration.ofMinutes(2))));
    Budgets early = new Budgets(DATABASE, ahead, metrics, HourlyLimit.of(100));
    for (int i = 0; i < 10; i++) {
      take(here, Priority.FINAL);
      take(early, Priority.FINAL);
    }
    assertThat(sum(row().getFinals())).isEqualTo(20);
  }

  @Test
  void whatWasUnderWayWhenTheFirstWasRefusedTellsNothingNew() {
    LocalBudget mine = here.of(identity, Pool.REPOSITORIES);
    Taking.Taken one = (Taking.Taken) mine.take(Priority.FINAL);
    Taking.Taken other = (Taking.Taken) mine.take(Priority.FINAL);
    mine.refused(Priority.FINAL, one, true, Optional.empty());
    Instant until = row().getRestingUntil();
    clock.advance(Duration.ofSeconds(1));
    mine.refused(Priority.FINAL, other, true, Optional.empty());
    here.tend();
    assertThat(row().getRestingUntil()).isEqualTo(until);
    assertThat(sum(row().getFinals())).isZero();
  }

  @Test
  void aLimitThatIsToldHolds() {
    here.of(identity, Pool.REPOSITORIES).told(200, false);
    assertThat(taken(here, Priority.FINAL)).isEqualTo(170);
  }

  @Test
  void whereAnotherSpendsTheSameBudgetThoseWhoComeLaterStopAtOnce() {
    take(here, Priority.FINAL);
    here.of(identity, Pool.REPOSITORIES).told(100, true);
    assertThat(taken(here, Priority.START)).isZero();
    assertThat(taken(here, Priority.FINAL)).isPositive();

    clock.advance(Duration.ofMinutes(63));
    here.of(identity, Pool.REPOSITORIES).told(100, false);
    assertThat(taken(here, Priority.START)).isEqualTo(65);
  }

  @Test
  void forWantOfCountingNoRequestWaits() {
    int many = 40;
    take(here, Priority.FINAL);
    long began = System.nanoTime();
    DATABASE.write(
        paused -> {
          paused
              .selectFrom(REQUEST_BUDGET)
              .where(REQUEST_BUDGET.IDENTITY.eq(identity))
              .forUpdate()
              .fetch();
          for (int i = 0; i < many; i++) {
            assertThat(take(there, Priority.FINAL)).isEqualTo(1);
          }
        });
    // The first one waits half a second, as each of them else would.
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isLessThan(Duration.ofMillis(500).multipliedBy(many));
    clock.advance(Duration.ofSeconds(3));
    here.tend();
    there.tend();
    assertThat(sum(row().getFinals())).isEqualTo(1 + many);
  }

  @Test
  void whereTheForgeCountsNothingOnlyRefusalsAreKept() {
    Budgets none = instance(0);
    for (int i = 0; i < 2_000; i++) {
      assertThat(take(none, Priority.LOOK)).isEqualTo(1);
    }
    assertThat(DATABASE.sql().fetchCount(REQUEST_BUDGET)).isZero();
    refuse(none, Optional.empty());
    assertThat(take(none, Priority.FINAL)).isZero();
    clock.advance(Duration.ofSeconds(6));
    assertThat(take(none, Priority.FINAL)).isEqualTo(1);
    assertThat(take(none, Priority.FINAL)).isEqualTo(1);
  }

  @Test
  void whatCountsNoMoreIsForgotten() {
    take(here, Priority.FINAL);
    clock.advance(Duration.ofHours(3));
    take(there.of("another", Pool.REPOSITORIES), Priority.FINAL);
    assertThat(DATABASE.sql().fetchCount(REQUEST_BUDGET, REQUEST_BUDGET.IDENTITY.eq(identity)))
        .isZero();
  }

  private Budgets instance(int limit) {
    return new Budgets(DATABASE, clock, metrics, HourlyLimit.of(limit));
  }

  /** How often it was asked, and refused. */
  private int asked(Duration during) {
    Instant end = clock.instant().plus(during);
    int asked = 0;
    LocalBudget mine = here.of(identity, Pool.REPOSITORIES);
    while (clock.instant().isBefore(end)) {
      clock.advance(Duration.ofSeconds(1));
      if (mine.take(Priority.FINAL) instanceof Taking.Taken taken) {
        asked++;
        mine.refused(Priority.FINAL, taken, true, Optional.empty());
      }
    }
    return asked;
  }

  private void refuse(Budgets instance, Optional<Duration> asked) {
    LocalBudget mine = instance.of(identity, Pool.REPOSITORIES);
    mine.refused(Priority.FINAL, (Taking.Taken) mine.take(Priority.FINAL), true, asked);
  }

  private String reason(Budgets instance, Purpose purpose) {
    Allowance allowance = instance.allowance(identity, Pool.REPOSITORIES, purpose, true);
    return ((Allowance.None) allowance).reason();
  }

  private int taken(Budgets instance, Priority priority) {
    return taken(instance.of(identity, Pool.REPOSITORIES), priority);
  }

  private static int taken(LocalBudget budget, Priority priority) {
    int taken = 0;
    while (take(budget, priority) == 1) {
      taken++;
    }
    return taken;
  }

  private int take(Budgets instance, Priority priority) {
    return take(instance.of(identity, Pool.REPOSITORIES), priority);
  }

  private static int take(LocalBudget budget, Priority priority) {
    if (budget.take(priority) instanceof Taking.Taken taken) {
      budget.ended(taken, true, true);
      return 1;
    }
    return 0;
  }

  private RequestBudgetRecord row() {
    return DATABASE
        .sql()
        .fetchSingle(
            REQUEST_BUDGET,
            REQUEST_BUDGET
                .IDENTITY
                .eq(identity)
                .and(REQUEST_BUDGET.POOL.eq(Pool.REPOSITORIES.name())));
  }

  private static int sum(Integer[] counts) {
    return Arrays.stream(counts).mapToInt(Integer::intValue).sum();
  }
}
