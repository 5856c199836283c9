package sh.cinch.ingress.heads;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;

/**
 * The refs of missed pushes, in the memory of an instance that receives deliveries. Each is there
 * for a minute before it is published; only a delivery of one of these asks the database.
 */
public final class ExpectedPushes implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ExpectedPushes.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Database database;
  private final InstantSource clock;
  private final Loop look;
  private volatile Map<UUID, Set<String>> refs = Map.of();

  private ExpectedPushes(Database database, InstantSource clock, MeterRegistry metrics) {
    this.database = database;
    this.clock = clock;
    Gauge.builder("cinch.webhook.expected", () -> refs.size())
        .description("Repositories of which a delivery may still bring what was found without one")
        .register(metrics);
    this.look = Loop.start("expected-pushes", this::look, LOOK);
  }

  public static ExpectedPushes start(ServiceContext context) {
    return new ExpectedPushes(context.database(), context.clock(), context.metrics());
  }

  private boolean look() {
    refs = MissedPushes.expected(database.sql(), clock.instant());
    return false;
  }

  /** Whether a delivery of this repository may bring one. */
  public boolean isAny(UUID repository) {
    return refs.containsKey(repository);
  }

  /**
   * What is to be known before a delivery is published. Blocks where one of its refs was missed.
   *
   * @param changes gives the new hashes by ref; null: deleted
   * @param firstRequestId tells this delivery, with its attempts, from any other
   */
  public Expectation meet(
      UUID repository, Supplier<Map<String, @Nullable String>> changes, String firstRequestId) {
    Set<String> missed = refs.get(repository);
    if (missed == null) {
      return Expectation.NONE;
    }
    Map<String, @Nullable String> met = new HashMap<>(changes.get());
    met.keySet().retainAll(missed);
    if (met.isEmpty()) {
      return Expectation.NONE;
    }
    try {
      return database.transaction(
          transaction ->
              MissedPushes.meet(transaction, repository, met, firstRequestId, clock.instant()));
    } catch (DataAccessException e) {
      // An id of its own at worst shows one push twice; without the database none is published.
      log.warn("a delivery cannot be held against the pushes that were missed: {}", e.getMessage());
      return Expectation.NONE;
    }
  }

  @Override
  public Check check() {
    return look.check();
  }

  @Override
  public void close() {
    look.close();
  }
}
