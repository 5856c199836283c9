package sh.cinch.ingress.webhooks.held;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;

/**
 * The repositories that have held pushes, in the memory of an instance that receives deliveries:
 * only a push to one of these asks the database what it has to come after.
 */
final class HeldRepositories implements Checked, AutoCloseable {

  /** By then each instance that runs has looked. */
  static final Duration KNOWN_EVERYWHERE = Duration.ofSeconds(3);

  private static final Duration LOOK = Duration.ofSeconds(1);

  /** What was held and is no more may be in the outbox, which is looked at as often. */
  private static final long REMEMBERED = KNOWN_EVERYWHERE.toNanos();

  private final Database database;
  private final Loop look;

  /** When each was last known to have some, by {@link System#nanoTime}. */
  private final Map<UUID, Long> seen = new ConcurrentHashMap<>();

  private HeldRepositories(Database database, MeterRegistry metrics) {
    this.database = database;
    Gauge.builder("cinch.webhook.held", seen::size)
        .description("Repositories of which a push comes after what is held, or was just now")
        .register(metrics);
    this.look = Loop.start("held-pushes", this::look, LOOK);
  }

  static HeldRepositories start(Database database, MeterRegistry metrics) {
    return new HeldRepositories(database, metrics);
  }

  /** One of this instance's own. */
  void add(UUID repository) {
    seen.put(repository, System.nanoTime());
  }

  boolean contains(UUID repository) {
    return seen.containsKey(repository);
  }

  private boolean look() {
    look(database.sql());
    return false;
  }

  private void look(DSLContext sql) {
    HeldRows.repositories(sql).forEach(this::add);
    seen.values().removeIf(at -> System.nanoTime() - at > REMEMBERED);
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
