package sh.cinch.benchmark.statuses;

import io.vertx.core.json.JsonObject;
import sh.cinch.benchmark.figures.Ratios;

/**
 * One round of one of the two.
 *
 * @param seconds from the first request until the last is answered, and settled where that is done
 * @param requestMs that a request took, on average
 */
record Side(int count, double seconds, double requestMs, Cpu cpu) {

  double perSecond() {
    return count / seconds;
  }

  /** How many were under way on average: what goes in each second, times how long it stays. */
  double inFlight() {
    return perSecond() * requestMs / 1000;
  }

  JsonObject json() {
    return new JsonObject()
        .put("perSecond", Ratios.rounded(perSecond()))
        .put("seconds", Ratios.rounded(seconds))
        .put("requestMs", Ratios.rounded(requestMs))
        .put("inFlight", Ratios.rounded(inFlight()))
        .put("cpuMsEach", cpu.millisEach(count));
  }
}
