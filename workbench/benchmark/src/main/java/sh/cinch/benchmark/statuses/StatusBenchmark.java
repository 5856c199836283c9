package sh.cinch.benchmark.statuses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sh.cinch.benchmark.figures.Plan;
import sh.cinch.benchmark.figures.Report;
import sh.cinch.benchmark.statuses.StatusPlan.Part;

/**
 * How many statuses a second one status-worker gets to the forge, how soon, and what it costs that
 * it remembers them; beside a bare client.
 */
public final class StatusBenchmark {

  private final Plan plan;
  private final StatusPlan statuses;
  private final StatusStand stand;
  private final DatabaseView database;
  private final ThroughputRounds throughput;
  private final DelayRounds delay;

  private StatusBenchmark(
      Plan plan,
      StatusPlan statuses,
      StatusStand stand,
      BarePoster bare,
      StatusWorker worker,
      DatabaseView database) {
    this.plan = plan;
    this.statuses = statuses;
    this.stand = stand;
    this.database = database;
    this.throughput = new ThroughputRounds(plan, statuses, stand, bare, worker, database);
    this.delay = new DelayRounds(plan, stand, bare, worker, database.statuses());
  }

  public static Report run(Plan plan, StatusPlan statuses) throws Exception {
    try (StatusStand stand = new StatusStand(plan);
        BarePoster bare = new BarePoster(stand, statuses.inFlight());
        StatusWorker worker = new StatusWorker(stand, statuses.inFlight());
        DatabaseView database = DatabaseView.of(stand.stand())) {
      return new StatusBenchmark(plan, statuses, stand, bare, worker, database).report();
    }
  }

  private Report report() throws Exception {
    stand.connect();
    throughput.warmUp();
    Optional<Throughput> empty =
        isWanted(Part.throughput) || isWanted(Part.remembered)
            ? Optional.of(throughput.run())
            : Optional.empty();
    List<Delay> delays = new ArrayList<>();
    if (isWanted(Part.delay)) {
      delays.add(delay.run(StatusStand.LATENCY_MS));
      delays.add(delay.run(0));
    }
    return new StatusReport(
        statuses.remembered(),
        empty,
        delays,
        isWanted(Part.remembered) ? Optional.of(amongRemembered()) : Optional.empty());
  }

  private Throughput amongRemembered() throws Exception {
    plan.tell("remembering %,d statuses …".formatted(statuses.remembered()));
    database.statuses().remember(statuses.remembered(), stand.repositories());
    return throughput.run();
  }

  private boolean isWanted(Part part) {
    return statuses.parts().contains(part);
  }
}
