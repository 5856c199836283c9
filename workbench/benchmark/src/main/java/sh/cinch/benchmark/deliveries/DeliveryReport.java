package sh.cinch.benchmark.deliveries;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import sh.cinch.benchmark.figures.Ratios;
import sh.cinch.benchmark.figures.Report;
import sh.cinch.benchmark.load.LoadProcess;

/**
 * Deliveries beside the bare handler.
 *
 * @param connected repositories beside those that were pushed to
 * @param fast as fast as they are answered
 * @param even at one pace for all
 * @param memoryMib what the ingress that only receives held in the end
 */
record DeliveryReport(
    long roundMs, int connected, List<Triple> fast, List<Triple> even, long memoryMib)
    implements Report {

  private static final double GOAL_EVERYTHING = 0.4;
  private static final double GOAL_WEBHOOKS = 0.6;
  private static final double GOAL_P99 = 1.5;
  private static final int GOAL_MICROS = 70;
  private static final int GOAL_MIB = 200;

  @Override
  public String name() {
    return "deliveries";
  }

  @Override
  public String text() {
    return """
    Deliveries of 10 KB to %d repositories beside %,d others: %d times three rounds of %.1f s, %d
    connections; before them %d rounds of each that do not count, so that its code is compiled

                                                         CPU µs a delivery: in      Kafka
                              a second   p50 ms   p99 ms   the receiver   and rest   PostgreSQL
      bare handler          %s
      everything in one JVM %s
      webhooks alone        %s

      of the bare handler     everything %.2f   (goal: at least %.1f; single rounds %s)
                              webhooks   %.2f   (goal: at least %.1f; single rounds %s)

    The same at %,d a second
      bare handler          %s
      everything in one JVM %s
      webhooks alone        %s

      p99 of the bare handler's  everything %.2f, webhooks %.2f   (goal: at most %.1f)
      CPU of the ingress that only receives %.0f µs a delivery   (goal: at most %d)
      its resident memory %d MiB with a heap of 64   (goal: at most %d)
    """
        .formatted(
            DeliveryBenchmark.REPOSITORIES,
            connected,
            fast.size(),
            roundMs / 1000.0,
            LoadProcess.CONNECTIONS,
            DeliveryBenchmark.WARM_UPS,
            row(fast, Triple::bare),
            row(fast, Triple::everything),
            row(fast, Triple::webhooks),
            Ratios.median(fast, Triple::everythingRatio),
            GOAL_EVERYTHING,
            Ratios.range(fast, Triple::everythingRatio),
            Ratios.median(fast, Triple::webhooksRatio),
            GOAL_WEBHOOKS,
            Ratios.range(fast, Triple::webhooksRatio),
            DeliveryBenchmark.PER_SECOND,
            row(even, Triple::bare),
            row(even, Triple::everything),
            row(even, Triple::webhooks),
            p99(Triple::everything),
            p99(Triple::webhooks),
            GOAL_P99,
            Ratios.median(fast, one -> one.webhooks().receiverMicros()),
            GOAL_MICROS,
            memoryMib,
            GOAL_MIB);
  }

  private double p99(Function<Triple, Side> side) {
    return Ratios.median(even, one -> side.apply(one).round().p99() / one.bare().round().p99());
  }

  private static String row(List<Triple> triples, Function<Triple, Side> side) {
    List<Side> rounds = triples.stream().map(side).toList();
    return "%,10.0f %8.2f %8.2f %14.1f %10.1f %12.1f"
        .formatted(
            Ratios.median(rounds, Side::perSecond),
            Ratios.median(rounds, one -> one.round().p50()),
            Ratios.median(rounds, one -> one.round().p99()),
            Ratios.median(rounds, Side::receiverMicros),
            Ratios.median(rounds, Side::hereMicros),
            Ratios.median(rounds, Side::postgresMicros));
  }

  @Override
  public JsonObject json() {
    return new JsonObject()
        .put("connected", connected)
        .put("fast", json(fast))
        .put("even", json(even))
        .put("memoryMib", memoryMib);
  }

  private static JsonArray json(List<Triple> triples) {
    JsonArray all = new JsonArray();
    triples.forEach(triple -> all.add(triple.json()));
    return all;
  }
}
