package sh.cinch.benchmark.statuses;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import sh.cinch.benchmark.figures.Plan;
import sh.cinch.benchmark.figures.Report;
import sh.cinch.benchmark.statuses.Statuses.Settled;

/** How many statuses one status-worker gets to the forge, beside what a bare client could. */
public final class StatusBenchmark {

  private static final int REPOSITORIES = 200;
  private static final int LATENCY_MS = 50;
  private static final int WARM_UPS = 2;

  private final Plan plan;
  private final StatusPlan statuses;
  private final StatusStand stand;
  private final BarePoster bare;
  private final StatusWorker worker;
  private final Statuses rows;
  private final Statements statements;
  private int rounds;

  private StatusBenchmark(
      Plan plan,
      StatusPlan statuses,
      StatusStand stand,
      BarePoster bare,
      StatusWorker worker,
      Statuses rows,
      Statements statements) {
    this.plan = plan;
    this.statuses = statuses;
    this.stand = stand;
    this.bare = bare;
    this.worker = worker;
    this.rows = rows;
    this.statements = statements;
  }

  /** Rounds are counted here, not timed. */
  public static Report run(Plan plan, StatusPlan statuses) throws Exception {
    try (StatusStand stand =
            new StatusStand(plan, Math.min(REPOSITORIES, statuses.count()));
        BarePoster bare = new BarePoster(stand, statuses.inFlight());
        StatusWorker worker = new StatusWorker(stand, stand.log(), statuses.inFlight());
        Connection connection = stand.stand().connect()) {
      return new StatusBenchmark(
              plan,
              statuses,
              stand,
              bare,
              worker,
              new Statuses(connection, stand.repositories()),
              new Statements(connection))
          .throughput();
    }
  }

  private StatusReport throughput() throws Exception {
    stand.latency(LATENCY_MS);
    plan.tell("warming up …");
    for (int i = 0; i < WARM_UPS; i++) {
      Pair unused = pair();
    }
    statements.forget();
    List<Pair> pairs = new ArrayList<>();
    for (int i = 1; i <= plan.rounds(); i++) {
      Pair pair = pair();
      plan.tell(
          "statuses, %d of %d: bare %.0f/s, status-worker %.0f/s, ratio %.2f"
              .formatted(
                  i,
                  plan.rounds(),
                  pair.bare().perSecond(),
                  pair.worker().perSecond(),
                  pair.ratio()));
      pairs.add(pair);
    }
    return new StatusReport(statuses, LATENCY_MS, pairs, statements.asked());
  }

  /** Each of the two is first in every other pair, and has builds of its own. */
  private Pair pair() throws Exception {
    List<Build> bares = builds();
    int round = rounds;
    if (round % 4 == 1) {
      Side first = bare(bares);
      return new Pair(first, worker());
    }
    Side first = worker();
    return new Pair(bare(bares), first);
  }

  private List<Build> builds() {
    rounds++;
    List<Build> builds = Build.round(rounds, statuses.count(), stand.repositories());
    stand.push(builds);
    return builds;
  }

  private Side bare(List<Build> builds) {
    Cpu before = cpu();
    long begin = System.nanoTime();
    double requestMs = bare.post(builds);
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new Side(builds.size(), seconds, requestMs, cpu().since(before));
  }

  private Side worker() throws Exception {
    List<Build> builds = builds();
    int round = rounds;
    Cpu before = cpu();
    worker.report(builds);
    Settled settled = rows.await(round, builds.size(), worker::requireAlive);
    if (settled.requests() != builds.size()) {
      plan.tell("%d requests for %d statuses".formatted(settled.requests(), builds.size()));
    }
    return new Side(
        builds.size(),
        settled.seconds(),
        settled.requestMs() / (double) settled.requests(),
        cpu().since(before));
  }

  private Cpu cpu() {
    return Cpu.now(worker.handle(), stand.simulator(), stand.stand().postgres(), bare.loops().cpuNanos());
  }
}
