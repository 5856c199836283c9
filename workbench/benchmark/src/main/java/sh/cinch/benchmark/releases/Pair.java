package sh.cinch.benchmark.releases;

/** Two rounds, one right after the other. */
record Pair(Side bare, Side worker) {

  double ratio() {
    return bare.seconds() / worker.seconds();
  }

  double ratioOfBytes() {
    return worker.mibPerSecondOfBytes() / bare.mibPerSecondOfBytes();
  }

  double cpuRatio() {
    return bare.cpuNanos() / (double) worker.cpuNanos();
  }
}
