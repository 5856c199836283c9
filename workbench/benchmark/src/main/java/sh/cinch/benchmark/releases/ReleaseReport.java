package sh.cinch.benchmark.releases;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import sh.cinch.benchmark.figures.Ratios;
import sh.cinch.benchmark.figures.Report;

/** Releases beside the bare pipe: of one large file, and of many small ones. */
record ReleaseReport(List<Pair> large, List<Pair> small) implements Report {

  private static final double GOAL = 0.85;
  private static final int MIB = 1 << 20;

  @Override
  public String name() {
    return "releases";
  }

  @Override
  public String text() {
    Workload one = large.getFirst().bare().load();
    Workload many = small.getFirst().bare().load();
    return """
    Releasing one file of %,d MiB: %d pairs, from asking until it is known to be there

                                    seconds     MiB/s   bytes alone, MiB/s   CPU ms/MiB
      bare Vert.x pipe           %s
      release-worker             %s

      of the bare pipe           %10.2f   (goal: at least %.2f; single pairs %s)
      the bytes alone            %10.2f   (single pairs %s)
      the same by CPU            %10.2f   (single pairs %s)

    Releasing %d files of %,d bytes, %d at once: %d pairs

                                    seconds   files/s   CPU ms/file
      bare Vert.x pipe           %s
      release-worker             %s

      of the bare pipe           %10.2f   (single pairs %s)
    """
        .formatted(
            one.bytes() / MIB,
            large.size(),
            rowOfLarge(Pair::bare),
            rowOfLarge(Pair::worker),
            Ratios.median(large, Pair::ratio),
            GOAL,
            Ratios.range(large, Pair::ratio),
            Ratios.median(large, Pair::ratioOfBytes),
            Ratios.range(large, Pair::ratioOfBytes),
            Ratios.median(large, Pair::cpuRatio),
            Ratios.range(large, Pair::cpuRatio),
            many.count(),
            many.content().size(),
            ReleaseStand.AT_ONCE,
            small.size(),
            rowOfSmall(Pair::bare),
            rowOfSmall(Pair::worker),
            Ratios.median(small, Pair::ratio),
            Ratios.range(small, Pair::ratio));
  }

  private String rowOfLarge(Function<Pair, Side> side) {
    return "%10.2f %9.0f %20.0f %12.2f"
        .formatted(
            median(large, side, Side::seconds),
            median(large, side, Side::mibPerSecond),
            median(large, side, Side::mibPerSecondOfBytes),
            median(large, side, Side::cpuMillisPerMib));
  }

  private String rowOfSmall(Function<Pair, Side> side) {
    return "%10.2f %9.0f %13.2f"
        .formatted(
            median(small, side, Side::seconds),
            median(small, side, Side::filesPerSecond),
            median(small, side, Side::cpuMillisPerFile));
  }

  private static double median(
      List<Pair> pairs, Function<Pair, Side> side, ToDoubleFunction<Side> figure) {
    return Ratios.median(pairs, pair -> figure.applyAsDouble(side.apply(pair)));
  }

  @Override
  public JsonObject json() {
    return new JsonObject().put("large", json(large).put("goal", GOAL)).put("small", json(small));
  }

  private static JsonObject json(List<Pair> pairs) {
    JsonArray rounds = new JsonArray();
    pairs.forEach(
        pair ->
            rounds.add(
                new JsonObject()
                    .put("bare", pair.bare().json())
                    .put("releaseWorker", pair.worker().json())
                    .put("ratio", Ratios.rounded(pair.ratio()))));
    Workload load = pairs.getFirst().bare().load();
    return new JsonObject()
        .put("files", load.count())
        .put("bytesOfEach", load.content().size())
        .put("ratio", Ratios.rounded(Ratios.median(pairs, Pair::ratio)))
        .put("ratioOfBytes", Ratios.rounded(Ratios.median(pairs, Pair::ratioOfBytes)))
        .put("cpuRatio", Ratios.rounded(Ratios.median(pairs, Pair::cpuRatio)))
        .put("pairs", rounds);
  }
}
