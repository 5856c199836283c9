package sh.cinch.benchmark.statuses;

import java.util.ArrayList;
import java.util.List;
import sh.cinch.benchmark.figures.Plan;
import sh.cinch.benchmark.statuses.Statuses.Settled;

/** Builds are reported as fast as can be, and as fast as can be their statuses follow. */
final class ThroughputRounds {

  private static final int WARM_UPS = 2;

  private final Plan plan;
  private final StatusPlan statuses;
  private final StatusStand stand;
  private final BarePoster bare;
  private final StatusWorker worker;
  private final DatabaseView database;
  private int pairs;

  ThroughputRounds(
      Plan plan,
      StatusPlan statuses,
      StatusStand stand,
      BarePoster bare,
      StatusWorker worker,
      DatabaseView database) {
    this.plan = plan;
    this.statuses = statuses;
    this.stand = stand;
    this.bare = bare;
    this.worker = worker;
    this.database = database;
  }

  void warmUp() throws Exception {
    plan.tell("warming up …");
    stand.latency(StatusStand.LATENCY_MS);
    for (int i = 0; i < WARM_UPS; i++) {
      Pair unused = pair();
    }
  }

  /** Rounds are counted here, not timed. */
  Throughput run() throws Exception {
    stand.latency(StatusStand.LATENCY_MS);
    database.statements().forget();
    database.connections().forget();
    List<Pair> all = new ArrayList<>();
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
      all.add(pair);
    }
    return new Throughput(
        statuses, all, database.statements().asked(), database.connections().average());
  }

  /** Each of the two is first in every other pair, and has builds of its own. */
  private Pair pair() throws Exception {
    pairs++;
    if (pairs % 2 == 0) {
      Side first = worker();
      return new Pair(bare(), first);
    }
    Side first = bare();
    return new Pair(first, worker());
  }

  private Side bare() {
    List<Build> builds = stand.builds(statuses.count());
    Cpu before = cpu();
    long begin = System.nanoTime();
    double requestMs = bare.post(builds);
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new Side(builds.size(), seconds, requestMs, cpu().since(before));
  }

  private Side worker() throws Exception {
    List<Build> builds = stand.builds(statuses.count());
    Cpu before = cpu();
    database.connections().looking(true);
    stand.runner().report(builds);
    Settled settled = database.statuses().await(builds, worker::requireAlive);
    database.connections().looking(false);
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
    return Cpu.now(
        worker.handle(), stand.simulator(), stand.stand().postgres(), bare.loops().cpuNanos());
  }
}
