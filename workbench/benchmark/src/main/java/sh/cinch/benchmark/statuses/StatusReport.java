package sh.cinch.benchmark.statuses;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sh.cinch.benchmark.figures.Ratios;
import sh.cinch.benchmark.figures.Report;

/**
 * Statuses: how many a second, how soon, and how many with others behind them.
 *
 * @param throughput where little is remembered
 * @param amongRemembered the same where much is
 */
record StatusReport(
    int remembered,
    Optional<Throughput> throughput,
    List<Delay> delays,
    Optional<Throughput> amongRemembered)
    implements Report {

  @Override
  public String name() {
    return "statuses";
  }

  @Override
  public String text() {
    return Stream.of(
            throughput.map(Throughput::text).stream(),
            delays.stream().map(Delay::text),
            amongRemembered.map(this::textOfRemembered).stream())
        .flatMap(texts -> texts)
        .collect(Collectors.joining("\n"));
  }

  private String textOfRemembered(Throughput among) {
    Throughput before = throughput.orElseThrow();
    return """
    The same with %,d remembered statuses

                              a second   claim ms   statements ms a status   CPU ms a status, worker   PostgreSQL
      next to none           %s
      %,11d           %s

      of the speed before     %8.2f
    """
        .formatted(
            remembered,
            before.row(),
            remembered,
            among.row(),
            among.perSecond() / before.perSecond());
  }

  @Override
  public JsonObject json() {
    JsonObject all = new JsonObject();
    throughput.ifPresent(measured -> all.put("throughput", measured.json()));
    if (!delays.isEmpty()) {
      all.put("delay", new JsonArray(delays.stream().map(Delay::json).toList()));
    }
    amongRemembered.ifPresent(
        among ->
            all.put(
                "remembered",
                among
                    .json()
                    .put("rows", remembered)
                    .put(
                        "ofThroughput",
                        Ratios.rounded(among.perSecond() / throughput.orElseThrow().perSecond()))));
    return all;
  }
}
