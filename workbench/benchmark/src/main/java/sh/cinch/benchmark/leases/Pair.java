package sh.cinch.benchmark.leases;

/** Two rounds, one right after the other. */
record Pair(Side bare, Side service) {

  double ratio() {
    return service.perSecond() / bare.perSecond();
  }

  double cpuRatio() {
    return bare.cpuMicros() / service.cpuMicros();
  }
}
