package sh.cinch.benchmark.leases;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import sh.cinch.benchmark.figures.Plan;
import sh.cinch.benchmark.figures.Report;
import sh.cinch.benchmark.load.LoadProcess;
import sh.cinch.benchmark.load.Request;
import sh.cinch.benchmark.load.Target;
import sh.cinch.benchmark.stand.EventLoop;
import sh.cinch.benchmark.stand.Stand;

/** How many leases a second one instance gives from memory, beside what Vert.x could at most. */
public final class LeaseBenchmark {

  private static final int WARM_UPS = 3;

  private final Plan plan;
  private final LoadProcess load;

  private LeaseBenchmark(Plan plan, LoadProcess load) {
    this.plan = plan;
    this.load = load;
  }

  public static Report run(Plan plan) throws IOException {
    try (Stand stand = Stand.start(plan)) {
      UUID credential = stand.connect("somebody");
      JsonObject lease = stand.lease(credential);
      try (BareHandler bare = BareHandler.start(lease);
          LoadProcess load = LoadProcess.start()) {
        List<Pair> pairs =
            new LeaseBenchmark(plan, load).pairs(bare, stand, Stand.leases(credential));
        String token = lease.getString("authorization").replaceFirst("^Bearer ", "");
        return new LeaseReport(pairs, token.length(), plan.round().toMillis());
      }
    }
  }

  private List<Pair> pairs(BareHandler bare, Stand stand, String path) {
    Target floor = target(bare.port(), BareHandler.PATH);
    Target leases = target(stand.port(), path);
    plan.tell("warming up …");
    for (int i = 0; i < WARM_UPS; i++) {
      load.run(floor, plan.round());
      load.run(leases, plan.round());
    }
    List<Pair> pairs = new ArrayList<>();
    for (int i = 1; i <= plan.rounds(); i++) {
      Pair pair = new Pair(side(floor, bare.loop()), side(leases, stand.loop()));
      plan.tell(
          "leases %d of %d: bare %,.0f/s, token-service %,.0f/s, ratio %.2f"
              .formatted(
                  i,
                  plan.rounds(),
                  pair.bare().perSecond(),
                  pair.service().perSecond(),
                  pair.ratio()));
      pairs.add(pair);
    }
    return pairs;
  }

  private Side side(Target target, EventLoop loop) {
    long before = loop.cpuNanos();
    var round = load.run(target, plan.round());
    return Side.of(round, loop.cpuNanos() - before);
  }

  private static Target target(int port, String path) {
    return Target.of(
        port,
        List.of(
            Request.post(
                port, path, "Authorization: Bearer " + Stand.WORKER_SECRET + "\r\n", "{}")));
  }
}
