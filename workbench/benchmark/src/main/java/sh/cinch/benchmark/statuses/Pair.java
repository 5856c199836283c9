package sh.cinch.benchmark.statuses;

/** Two rounds, one right after the other. */
record Pair(Side bare, Side worker) {

  double ratio() {
    return worker.perSecond() / bare.perSecond();
  }
}
