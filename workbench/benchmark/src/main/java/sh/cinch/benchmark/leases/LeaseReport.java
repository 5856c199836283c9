package sh.cinch.benchmark.leases;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import sh.cinch.benchmark.figures.Ratios;
import sh.cinch.benchmark.figures.Report;
import sh.cinch.benchmark.load.LoadProcess;

/** Leases from memory beside the bare handler. */
record LeaseReport(List<Pair> pairs, int tokenLength, long roundMs) implements Report {

  private static final double GOAL = 0.8;

  @Override
  public String name() {
    return "leases";
  }

  @Override
  public String text() {
    return """
    Cached leases: %d pairs of rounds of %.1f s, %d connections, a token of %,d characters

                                 requests/s   p50 ms   p99 ms   CPU µs/request   loop busy
      bare Vert.x JSON handler   %s
      token-service              %s

      of the bare handler        %10.2f   (goal: at least %.2f; single pairs %s)
      the same by CPU            %10.2f   (single pairs %s)
    """
        .formatted(
            pairs.size(),
            roundMs / 1000.0,
            LoadProcess.CONNECTIONS,
            tokenLength,
            row(Pair::bare),
            row(Pair::service),
            ratio(),
            GOAL,
            Ratios.range(pairs, Pair::ratio),
            Ratios.median(pairs, Pair::cpuRatio),
            Ratios.range(pairs, Pair::cpuRatio));
  }

  private double ratio() {
    return Ratios.median(pairs, Pair::ratio);
  }

  private String row(Function<Pair, Side> side) {
    List<Side> rounds = pairs.stream().map(side).toList();
    return "%,10.0f %8.2f %8.2f %16.1f %10.0f%%"
        .formatted(
            Ratios.median(rounds, Side::perSecond),
            Ratios.median(rounds, one -> one.round().p50()),
            Ratios.median(rounds, one -> one.round().p99()),
            Ratios.median(rounds, Side::cpuMicros),
            Ratios.median(rounds, Side::busy) * 100);
  }

  @Override
  public JsonObject json() {
    JsonArray rounds = new JsonArray();
    pairs.forEach(
        pair ->
            rounds.add(
                new JsonObject()
                    .put("bare", pair.bare().json())
                    .put("tokenService", pair.service().json())
                    .put("ratio", Ratios.rounded(pair.ratio()))));
    return new JsonObject()
        .put("ratio", Ratios.rounded(ratio()))
        .put("goal", GOAL)
        .put("cpuRatio", Ratios.rounded(Ratios.median(pairs, Pair::cpuRatio)))
        .put("pairs", rounds);
  }
}
