package sh.cinch.benchmark.refresh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import sh.cinch.benchmark.figures.Plan;
import sh.cinch.benchmark.figures.Report;
import sh.cinch.benchmark.figures.Sample;
import sh.cinch.benchmark.refresh.Steps.Step;
import sh.cinch.benchmark.stand.Grant;
import sh.cinch.benchmark.stand.Stand;

/** What a refresh takes longer through the token-service than straight from the forge. */
public final class RefreshBenchmark {

  private static final int CREDENTIALS = 20;
  private static final int WARM_UPS = 5;
  private static final Duration MORE_THAN_A_TOKENS_LIFE = Duration.ofHours(3);

  private final Stand stand;
  private final BareStatements statements;
  private final List<Person> people = new ArrayList<>();

  /** One grant the token-service holds, and another of the same kind beside it. */
  private record Person(String nickname, UUID credential, Grant beside) {}

  private RefreshBenchmark(Stand stand, BareStatements statements) {
    this.stand = stand;
    this.statements = statements;
  }

  /** Rounds are counted here, not timed: in each, everybody's token has ended once more. */
  public static Report run(Plan plan) throws Exception {
    try (Stand stand = Stand.start(plan);
        BareStatements statements = BareStatements.on(stand.database())) {
      RefreshBenchmark benchmark = new RefreshBenchmark(stand, statements);
      benchmark.connect();
      plan.tell("warming up …");
      for (int i = 0; i < WARM_UPS; i++) {
        benchmark.round(new Steps());
      }
      Steps steps = new Steps();
      long end = System.nanoTime() + plan.round().multipliedBy(2L * plan.rounds()).toNanos();
      int rounds = 0;
      do {
        benchmark.round(steps);
        rounds++;
      } while (rounds < plan.rounds() || System.nanoTime() < end);
      Sample refreshes = steps.sample(Step.LEASE_THAT_REFRESHES);
      plan.tell(
          "refresh: %d rounds, %d refreshes, median %.2f ms"
              .formatted(rounds, refreshes.size(), refreshes.median()));
      return new RefreshReport(steps);
    }
  }

  private void connect() {
    for (int i = 0; i < CREDENTIALS; i++) {
      String nickname = "person-" + i;
      people.add(new Person(nickname, stand.connect(nickname), stand.grant("another-person-" + i)));
    }
  }

  private void round(Steps steps) throws Exception {
    stand.advance(MORE_THAN_A_TOKENS_LIFE);
    for (Person person : people) {
      leaseThatRefreshes(steps, person);
      steps.timed(Step.SIMULATOR, () -> stand.refresh(person.beside()));
      steps.timed(Step.LEASE_FROM_MEMORY, () -> stand.lease(person.credential()));
      steps.timed(Step.LOOK, statements::look);
      steps.timed(Step.UPDATE_AND_COMMIT, statements::claim);
      steps.timed(Step.STORE, statements::store);
      steps.timed(Step.STORE_AND_TELL, statements::storeAndTell);
    }
  }

  /** Counted only where the lease itself made the one refresh, as the simulator has seen it. */
  private void leaseThatRefreshes(Steps steps, Person person) throws Exception {
    int before = stand.refreshes(person.nickname());
    long nanos = Steps.time(() -> stand.lease(person.credential()));
    if (stand.refreshes(person.nickname()) == before + 1) {
      steps.add(Step.LEASE_THAT_REFRESHES, nanos);
    }
  }
}
