package sh.cinch.benchmark.statuses;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import sh.cinch.benchmark.figures.Ratios;
import sh.cinch.benchmark.figures.Sample;

/** From the event until the forge has taken the post, beside a bare consumer that posts at once. */
record Delay(int latencyMs, List<Pair> pairs) {

  static final int EVENTS_PER_SECOND = 100;

  private static final double GOAL = 1.5;

  /** Two rounds, one right after the other. */
  record Pair(Sample bare, Sample worker) {

    double ratio() {
      return worker.median() / bare.median();
    }
  }

  String text() {
    return """
    From event to post, %d events a second, %d ms of latency: %d pairs

                           median ms   95 %% under   99 %% under
      bare consumer        %s
      status-worker        %s

      of the bare consumer %9.2f   (goal: at most %.1f; single pairs %s)
    """
        .formatted(
            EVENTS_PER_SECOND,
            latencyMs,
            pairs.size(),
            row(Pair::bare),
            row(Pair::worker),
            ratio(),
            GOAL,
            Ratios.range(pairs, Pair::ratio));
  }

  private double ratio() {
    return Ratios.median(pairs, Pair::ratio);
  }

  private String row(Function<Pair, Sample> side) {
    return "%9.1f %12.1f %12.1f"
        .formatted(
            median(side, Sample::median),
            median(side, sample -> sample.at(0.95)),
            median(side, sample -> sample.at(0.99)));
  }

  private double median(Function<Pair, Sample> side, ToDoubleFunction<Sample> figure) {
    return Ratios.median(pairs, pair -> figure.applyAsDouble(side.apply(pair)));
  }

  JsonObject json() {
    JsonArray ratios = new JsonArray();
    pairs.forEach(pair -> ratios.add(Ratios.rounded(pair.ratio())));
    return new JsonObject()
        .put("latencyMs", latencyMs)
        .put("eventsPerSecond", EVENTS_PER_SECOND)
        .put("ours", json(Pair::worker))
        .put("limit", json(Pair::bare))
        .put("ratio", Ratios.rounded(ratio()))
        .put("goal", GOAL)
        .put("ratios", ratios);
  }

  private JsonObject json(Function<Pair, Sample> side) {
    return new JsonObject()
        .put("medianMs", Ratios.rounded(median(side, Sample::median)))
        .put("p95Ms", Ratios.rounded(median(side, sample -> sample.at(0.95))))
        .put("p99Ms", Ratios.rounded(median(side, sample -> sample.at(0.99))));
  }
}
