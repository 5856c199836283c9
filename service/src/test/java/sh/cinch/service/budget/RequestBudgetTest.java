package sh.cinch.service.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sh.cinch.service.Backends;
import sh.cinch.testkit.ManualClock;

/** Instances that share a row share what is in it. */
class RequestBudgetTest {

  private static final int PER_HOUR = 1200;
  private static final int STOCK = 60;

  private final ManualClock clock = new ManualClock();
  private final String identity = UUID.randomUUID().toString();
  private final RequestBudget budget = budget("token");

  @Test
  void noMoreThanTheStockAtOnce() {
    assertThat(budget.take(1000)).isEqualTo(STOCK);
    assertThat(budget.take(1)).isZero();
  }

  @Test
  void itFillsEvenly() {
    budget.take(STOCK);
    clock.advance(Duration.ofSeconds(30));

    assertThat(budget.take(1000)).isEqualTo(10);
  }

  @Test
  void anHourGivesWhatAnHourMay() {
    int taken = budget.take(STOCK);
    for (int i = 0; i < 3600; i++) {
      clock.advance(Duration.ofSeconds(1));
      taken += budget.take(1000);
    }

    assertThat(taken).isBetween(PER_HOUR + STOCK - 1, PER_HOUR + STOCK);
  }

  @Test
  void manyWhoTakeAtOnceGetNoMoreTogether() {
    AtomicInteger taken = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        threads.execute(() -> taken.addAndGet(budget("token").take(3)));
      }
    }

    assertThat(taken).hasValue(STOCK);
  }

  @Test
  void aClosedOneGivesNothingUntilItsTime() {
    budget.take(1);
    budget.close(Duration.ofMinutes(2));
    clock.advance(Duration.ofMinutes(2));
    assertThat(budget.take(1)).isZero();

    clock.advance(Duration.ofSeconds(30));
    assertThat(budget.take(1000)).isEqualTo(10);
  }

  @Test
  void anotherPoolIsAnother() {
    budget.take(STOCK);

    assertThat(budget("hooks").take(1)).isOne();
  }

  private RequestBudget budget(String pool) {
    return new RequestBudget(Backends.context().database(), clock, identity, pool, PER_HOUR);
  }
}
