package sh.cinch.forge.call;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Purpose;

/**
 * The requests of the last hour, as the forge counts them (by identity and pool) and by what they
 * were made for, so that each purpose can be given its share.
 */
public final class RequestCounts {

  private static final int MINUTES = 60;
  private static final int FORGOTTEN_BEYOND = 10_000;

  private record Counted(String identity, Pool pool, Purpose purpose) {}

  private final Map<Counted, RollingCount> hours = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final MeterRegistry metrics;

  RequestCounts(InstantSource clock, MeterRegistry metrics) {
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * @param identity whose requests the forge counts together
   */
  void made(String identity, Pool pool, Purpose purpose) {
    long now = minute();
    if (hours.size() > FORGOTTEN_BEYOND) {
      hours.values().removeIf(hour -> hour.at(now).sum() == 0);
    }
    hours.compute(
        new Counted(identity, pool, purpose),
        (counted, hour) -> (hour == null ? RollingCount.empty(MINUTES) : hour).at(now).plus(1));
    metrics
        .counter("cinch.forge.requests", "pool", word(pool), "purpose", word(purpose))
        .increment();
  }

  /** Of all purposes. */
  public int lastHour(String identity, Pool pool) {
    long now = minute();
    return hours.entrySet().stream()
        .filter(entry -> entry.getKey().identity().equals(identity))
        .filter(entry -> entry.getKey().pool() == pool)
        .mapToInt(entry -> entry.getValue().at(now).sum())
        .sum();
  }

  public int lastHour(String identity, Pool pool, Purpose purpose) {
    RollingCount hour = hours.get(new Counted(identity, pool, purpose));
    return hour == null ? 0 : hour.at(minute()).sum();
  }

  /** For operators: every count that is not nothing, the largest first. */
  JsonObject get() {
    long now = minute();
    JsonArray items = new JsonArray();
    hours.entrySet().stream()
        .map(entry -> Map.entry(entry.getKey(), entry.getValue().at(now).sum()))
        .filter(entry -> entry.getValue() > 0)
        .sorted(Comparator.comparing(entry -> -entry.getValue()))
        .forEach(
            entry ->
                items.add(
                    new JsonObject()
                        .put("identity", entry.getKey().identity())
                        .put("pool", word(entry.getKey().pool()))
                        .put("purpose", word(entry.getKey().purpose()))
                        .put("lastHour", entry.getValue())));
    return new JsonObject().put("items", items);
  }

  private long minute() {
    return clock.millis() / 60_000;
  }

  /** As metrics and reports have it. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
