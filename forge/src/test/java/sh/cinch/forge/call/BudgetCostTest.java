package sh.cinch.forge.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Priority;
import sh.cinch.forge.call.LocalBudget.Taking;
import sh.cinch.service.database.Database;
import sh.cinch.testkit.Proof;

/** What it costs a request to be taken out of a budget. */
@Tag("proof")
class BudgetCostTest {

  private static final int WARM_UP = 2_000;
  private static final int MANY = 20_000;

  @Test
  void costOfARequest() {
    try (Database database = Databases.fresh()) {
      double none = micros(database, 0);
      double usual = micros(database, 100_000);
      Proof.of("What a request pays for being counted")
          .that(MANY + " requests one after the other, counted in PostgreSQL on the same machine")
          .figure("limit 0: nothing is counted", "%.1f µs".formatted(none))
          .figure("limit 100,000: 2,000 reserved at once at most", "%.1f µs".formatted(usual))
          .written();
      assertThat(none).isLessThan(100);
      assertThat(usual).isLessThan(1_000);
    }
  }

  private static double micros(Database database, int limit) {
    LocalBudget budget =
        new Budgets(
                database, InstantSource.system(), new SimpleMeterRegistry(), HourlyLimit.of(limit))
            .of(UUID.randomUUID().toString(), Pool.REPOSITORIES);
    take(budget, WARM_UP);
    long began = System.nanoTime();
    take(budget, MANY);
    return (System.nanoTime() - began) / 1e3 / MANY;
  }

  private static void take(LocalBudget budget, int many) {
    for (int i = 0; i < many; i++) {
      budget.ended((Taking.Taken) budget.take(Priority.FINAL), true, true);
    }
  }
}
