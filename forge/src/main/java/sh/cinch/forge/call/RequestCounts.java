package sh.cinch.forge.call;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Purpose;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;

/**
 * The requests of the last hour, as the forge counts them (by identity and pool) and by what they
 * were made for, so that each purpose can be given its share.
 */
public final class RequestCounts implements Supplier<JsonObject> {

  private static final int MINUTES = 60;
  private static final int FORGOTTEN_BEYOND = 10_000;

  private record Counted(String identity, Pool pool, Purpose purpose) {}

  private final Map<Counted, Hour> hours = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final MeterRegistry metrics;

  public RequestCounts(InstantSource clock, MeterRegistry metrics) {
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Of a service, which answers them at {@code /requests} on its management port. */
  public static RequestCounts of(RunningService service, ServiceContext context) {
    RequestCounts counts = new RequestCounts(context.clock(), context.metrics());
    service.report("/requests", counts);
    return counts;
  }

  /**
   * @param identity whose requests the forge counts together
   */
  public void made(String identity, Pool pool, Purpose purpose) {
    long now = minute();
    if (hours.size() > FORGOTTEN_BEYOND) {
      hours.values().removeIf(hour -> hour.sum(now) == 0);
    }
    hours.computeIfAbsent(new Counted(identity, pool, purpose), counted -> new Hour()).add(now);
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
        .mapToInt(entry -> entry.getValue().sum(now))
        .sum();
  }

  public int lastHour(String identity, Pool pool, Purpose purpose) {
    Hour hour = hours.get(new Counted(identity, pool, purpose));
    return hour == null ? 0 : hour.sum(minute());
  }

  /** For operators: every count that is not nothing, the largest first. */
  @Override
  public JsonObject get() {
    long now = minute();
    JsonArray items = new JsonArray();
    hours.entrySet().stream()
        .map(entry -> Map.entry(entry.getKey(), entry.getValue().sum(now)))
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

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Counts by the minute; a minute's place is used again an hour later. */
  private static final class Hour {

    private final int[] counts = new int[MINUTES];
    private long newest;

    synchronized void add(long minute) {
      forget(minute);
      counts[(int) (minute % MINUTES)]++;
    }

    synchronized int sum(long minute) {
      forget(minute);
      return Arrays.stream(counts).sum();
    }

    private void forget(long minute) {
      long first = Math.max(newest + 1, minute - MINUTES + 1);
      for (long each = first; each <= minute; each++) {
        counts[(int) (each % MINUTES)] = 0;
      }
      newest = Math.max(newest, minute);
    }
  }
}
