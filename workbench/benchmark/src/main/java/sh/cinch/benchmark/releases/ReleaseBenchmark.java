package sh.cinch.benchmark.releases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sh.cinch.benchmark.figures.Plan;
import sh.cinch.benchmark.figures.Report;
import sh.cinch.benchmark.stand.EventLoops;

/** How fast files get through one release-worker, beside what Vert.x could at most. */
public final class ReleaseBenchmark {

  private static final long MIB = 1 << 20;
  private static final long SMALL = 10 * 1024;

  private final Plan plan;
  private final ReleaseStand stand;
  private final BarePipe bare;
  private final Worker worker;
  private int pairs;
  private int sides;

  private ReleaseBenchmark(Plan plan, ReleaseStand stand, BarePipe bare, Worker worker) {
    this.plan = plan;
    this.stand = stand;
    this.bare = bare;
    this.worker = worker;
  }

  /** Sends one of a pair. */
  @FunctionalInterface
  private interface Sending {
    void send(Workload load, List<String> names);
  }

  /**
   * Rounds are counted here, not timed.
   *
   * @param mib of the large file, which lies on the disk once at a time
   * @param files small ones in one release
   * @throws IllegalStateException where there is no room for it
   */
  public static Report run(Plan plan, int mib, int files) throws IOException {
    requireRoom(mib);
    try (ReleaseStand stand = new ReleaseStand(plan);
        BarePipe bare = new BarePipe(stand);
        Worker worker = new Worker(stand)) {
      ReleaseBenchmark benchmark = new ReleaseBenchmark(plan, stand, bare, worker);
      return new ReleaseReport(
          benchmark.pairs(Workload.of(1, mib * MIB)), benchmark.pairs(Workload.of(files, SMALL)));
    }
  }

  private static void requireRoom(int mib) throws IOException {
    Path there = Path.of(System.getProperty("java.io.tmpdir"));
    long free = Files.getFileStore(there).getUsableSpace() / MIB;
    // What was removed may take a moment to be gone.
    if (free < 2L * mib) {
      throw new IllegalStateException(
          "a file of %d MiB needs twice as much in %s, and %d MiB are free there: choose a smaller"
                  .formatted(mib, there, free)
              + " one with --mib");
    }
  }

  private List<Pair> pairs(Workload load) {
    plan.tell("warming up …");
    pair(load);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 1; i <= plan.rounds(); i++) {
      Pair pair = pair(load);
      plan.tell(
          "releases of %d × %,d bytes, %d of %d: bare %.2f s, release-worker %.2f s, ratio %.2f"
              .formatted(
                  load.count(),
                  load.content().size(),
                  i,
                  plan.rounds(),
                  pair.bare().seconds(),
                  pair.worker().seconds(),
                  pair.ratio()));
      pairs.add(pair);
    }
    return pairs;
  }

  /** Each of the two is first in every other pair. */
  private Pair pair(Workload load) {
    pairs++;
    if (pairs % 2 == 0) {
      Side first = side(load, worker::release, worker.loops());
      return new Pair(side(load, bare::send, bare.loops()), first);
    }
    Side first = side(load, bare::send, bare.loops());
    return new Pair(first, side(load, worker::release, worker.loops()));
  }

  private Side side(Workload load, Sending sending, EventLoops loops) {
    sides++;
    List<String> names = load.names("round-" + sides);
    long cpu = loops.cpuNanos();
    long begin = System.nanoTime();
    sending.send(load, names);
    long nanos = System.nanoTime() - begin;
    Side side = new Side(load, nanos, stand.source().nanos(), loops.cpuNanos() - cpu);
    stand.clear(load, names);
    return side;
  }
}
