package sh.cinch.benchmark.leases;

import io.vertx.core.json.JsonObject;
import sh.cinch.benchmark.figures.Ratios;
import sh.cinch.benchmark.load.Round;

/**
 * One round of one server.
 *
 * @param cpuMicros what its event loop took of the processor for each request
 * @param busy the share of the time that its event loop was on the processor: near 1, the server
 *     was the limit and not those who asked
 */
record Side(Round round, double cpuMicros, double busy) {

  static Side of(Round round, long cpuNanos) {
    return new Side(round, cpuNanos / 1000.0 / round.requests(), cpuNanos / (double) round.nanos());
  }

  double perSecond() {
    return round.perSecond();
  }

  JsonObject json() {
    return new JsonObject()
        .put("perSecond", Math.round(perSecond()))
        .put("p50Ms", Ratios.rounded(round.p50()))
        .put("p99Ms", Ratios.rounded(round.p99()))
        .put("cpuMicros", Ratios.rounded(cpuMicros))
        .put("busy", Ratios.rounded(busy));
  }
}
