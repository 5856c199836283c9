package sh.cinch.benchmark.releases;

import io.vertx.core.json.JsonObject;
import sh.cinch.benchmark.figures.Ratios;

/**
 * One round of one of the two.
 *
 * @param nanos from asking for it until it is known to be done
 * @param bytesNanos of these, from the first request at the source until it had given its last byte
 * @param cpuNanos what the event loops took of the processor
 */
record Side(Workload load, long nanos, long bytesNanos, long cpuNanos) {

  private static final double MIB = 1 << 20;
  private static final double SECOND = 1e9;

  double seconds() {
    return nanos / SECOND;
  }

  double mibPerSecond() {
    return load.bytes() / MIB / seconds();
  }

  double mibPerSecondOfBytes() {
    return load.bytes() / MIB / (bytesNanos / SECOND);
  }

  double filesPerSecond() {
    return load.count() / seconds();
  }

  double cpuMillisPerMib() {
    return cpuNanos / 1e6 / (load.bytes() / MIB);
  }

  double cpuMillisPerFile() {
    return cpuNanos / 1e6 / load.count();
  }

  JsonObject json() {
    return new JsonObject()
        .put("seconds", Ratios.rounded(seconds()))
        .put("mibPerSecond", Ratios.rounded(mibPerSecond()))
        .put("mibPerSecondOfBytes", Ratios.rounded(mibPerSecondOfBytes()))
        .put("filesPerSecond", Ratios.rounded(filesPerSecond()))
        .put("cpuMs", Ratios.rounded(cpuNanos / 1e6));
  }
}
