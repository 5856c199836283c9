package sh.cinch.benchmark.statuses;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import sh.cinch.benchmark.figures.Ratios;
import sh.cinch.benchmark.statuses.Statements.Asked;
import sh.cinch.benchmark.statuses.Statements.Counted;

/**
 * Statuses beside a bare client, and where the time goes.
 *
 * @param connections how many of those to PostgreSQL did what, on average
 */
record Throughput(StatusPlan plan, List<Pair> pairs, Asked asked, Map<String, Double> connections) {

  private static final int GOAL = 1000;
  private static final int SHOWN = 12;
  private static final int SHOWN_LENGTH = 100;

  String text() {
    return """
    Posting %,d statuses at %d ms of latency, at most %d in flight: %d pairs

                              a second   request ms   in flight   CPU ms a status: worker  simulator  PostgreSQL   Kafka …   client
      bare WebClient        %s
      status-worker         %s

      of the bare client    %8.2f   (goal: at least %,d a second; single pairs %s)

    What one status takes in PostgreSQL
      transactions %.2f, statements %.2f, %.2f ms; to its log %.1f KiB, synced %.2f times
      claims %.3f: %.1f statuses each, %.2f ms each
      connections on average: %s

      a status     ms each   ms a status
    %s
    """
        .formatted(
            plan.count(),
            StatusStand.LATENCY_MS,
            plan.inFlight(),
            pairs.size(),
            row(Pair::bare),
            row(Pair::worker),
            Ratios.median(pairs, Pair::ratio),
            GOAL,
            Ratios.range(pairs, Pair::ratio),
            asked.commits() / total(),
            each(one -> true, Counted::calls),
            asked.statements().stream().mapToDouble(Counted::ms).sum() / total(),
            asked.logBytes() / 1024.0 / total(),
            asked.syncs() / total(),
            each(Counted::isClaim, Counted::calls),
            each(Counted::isClaim, Counted::rows) / each(Counted::isClaim, Counted::calls),
            claimMs(),
            connections.entrySet().stream()
                .map(each -> "%.2f %s".formatted(each.getValue(), each.getKey()))
                .collect(Collectors.joining(", ")),
            asked.statements().stream()
                .limit(SHOWN)
                .map(this::line)
                .collect(Collectors.joining("\n")));
  }

  /** In short. */
  String row() {
    return "%8.0f %10.2f %24.2f %25.2f %12.2f"
        .formatted(
            perSecond(),
            claimMs(),
            asked.statements().stream().mapToDouble(Counted::ms).sum() / total(),
            median(Pair::worker, one -> Cpu.millis(one.cpu().worker(), one.count())),
            median(Pair::worker, one -> Cpu.millis(one.cpu().postgres(), one.count())));
  }

  double perSecond() {
    return median(Pair::worker, Side::perSecond);
  }

  private double claimMs() {
    return asked.statements().stream().filter(Counted::isClaim).mapToDouble(Counted::ms).sum()
        / sum(Counted::isClaim, Counted::calls);
  }

  private String row(Function<Pair, Side> side) {
    return "%8.0f %12.1f %11.1f %25.2f %10.2f %11.2f %9.2f %8.2f"
        .formatted(
            median(side, Side::perSecond),
            median(side, Side::requestMs),
            median(side, Side::inFlight),
            median(side, one -> Cpu.millis(one.cpu().worker(), one.count())),
            median(side, one -> Cpu.millis(one.cpu().simulator(), one.count())),
            median(side, one -> Cpu.millis(one.cpu().postgres(), one.count())),
            median(side, one -> Cpu.millis(one.cpu().here() - one.cpu().client(), one.count())),
            median(side, one -> Cpu.millis(one.cpu().client(), one.count())));
  }

  private String line(Counted one) {
    String text = one.text().replaceAll("\\s+", " ");
    return "    %8.3f %11.3f %13.3f   %s"
        .formatted(
            one.calls() / total(),
            one.ms() / one.calls(),
            one.ms() / total(),
            text.substring(0, Math.min(SHOWN_LENGTH, text.length())));
  }

  private double median(Function<Pair, Side> side, ToDoubleFunction<Side> figure) {
    return Ratios.median(pairs, pair -> figure.applyAsDouble(side.apply(pair)));
  }

  private double total() {
    return (double) plan.count() * pairs.size();
  }

  private double each(Predicate<Counted> which, ToLongFunction<Counted> figure) {
    return sum(which, figure) / total();
  }

  private double sum(Predicate<Counted> which, ToLongFunction<Counted> figure) {
    return asked.statements().stream().filter(which).mapToLong(figure).sum();
  }

  JsonObject json() {
    JsonArray rounds = new JsonArray();
    pairs.forEach(
        pair ->
            rounds.add(
                new JsonObject()
                    .put("limit", pair.bare().json())
                    .put("ours", pair.worker().json())
                    .put("ratio", Ratios.rounded(pair.ratio()))));
    JsonArray statements = new JsonArray();
    asked.statements().stream()
        .limit(2 * SHOWN)
        .forEach(
            one ->
                statements.add(
                    new JsonObject()
                        .put("perStatus", Ratios.rounded(one.calls() / total()))
                        .put("rowsPerCall", Ratios.rounded(one.rows() / (double) one.calls()))
                        .put("msPerCall", Ratios.rounded(one.ms() / one.calls()))
                        .put("statement", one.text().replaceAll("\\s+", " "))));
    Map<String, Object> rounded = new TreeMap<>();
    connections.forEach((what, many) -> rounded.put(what, Ratios.rounded(many)));
    return new JsonObject()
        .put("statuses", plan.count())
        .put("inFlight", plan.inFlight())
        .put("latencyMs", StatusStand.LATENCY_MS)
        .put("ours", Ratios.rounded(perSecond()))
        .put("limit", Ratios.rounded(median(Pair::bare, Side::perSecond)))
        .put("ratio", Ratios.rounded(Ratios.median(pairs, Pair::ratio)))
        .put("goal", GOAL)
        .put(
            "perStatus",
            new JsonObject()
                .put("transactions", Ratios.rounded(asked.commits() / total()))
                .put("statements", Ratios.rounded(each(one -> true, Counted::calls)))
                .put("logSyncs", Ratios.rounded(asked.syncs() / total()))
                .put("logBytes", Ratios.rounded(asked.logBytes() / total()))
                .put(
                    "statementMs",
                    Ratios.rounded(
                        asked.statements().stream().mapToDouble(Counted::ms).sum() / total()))
                .put("claimMs", Ratios.rounded(claimMs()))
                .put("claims", Ratios.rounded(each(Counted::isClaim, Counted::calls))))
        .put("connections", new JsonObject(rounded))
        .put("statements", statements)
        .put("pairs", rounds);
  }
}
