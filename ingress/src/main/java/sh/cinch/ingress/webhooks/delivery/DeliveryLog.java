package sh.cinch.ingress.webhooks.delivery;

import static sh.cinch.database.ingress.Tables.DELIVERY;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.paging.OldItems;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.retention.Retention;

/**
 * Logs what came in through the hooks and how it was answered: after the answer, in batches. A
 * crash may lose its newest lines, and nothing else.
 */
public final class DeliveryLog implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DeliveryLog.class);
  private static final int BATCH = 200;
  private static final int MOST_WAITING = 10_000;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Bitbucket tries again at once, and waits ten seconds for each answer. */
  private static final Duration RETRIES_WITHIN = Duration.ofMinutes(2);

  /** Much shorter than the pool's own patience: a push waits for this. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final DeliveryRows rows;
  private final Counter dropped;
  private final Loop loop;

  /** Each stays here until its row is committed, so that one of the two always has it. */
  private final Queue<LoggedDelivery> waiting = new ConcurrentLinkedQueue<>();

  private final AtomicInteger size = new AtomicInteger();
  private volatile boolean away;

  private DeliveryLog(Database database, MeterRegistry metrics, FirstDelivery first) {
    this.rows = new DeliveryRows(database, first);
    this.dropped = metrics.counter("cinch.delivery.log.dropped");
    this.loop = Loop.start("delivery-log", this::write, PAUSE);
  }

  public static DeliveryLog start(Database database, MeterRegistry metrics, FirstDelivery first) {
    return new DeliveryLog(database, metrics, first);
  }

  /** Never blocks. Where the database has been away for long, the line is lost and counted. */
  public void add(LoggedDelivery delivery) {
    if (size.incrementAndGet() > MOST_WAITING) {
      size.decrementAndGet();
      dropped.increment();
      return;
    }
    waiting.add(delivery);
    loop.wake();
  }

  /**
   * The firstRequestId of the attempt that this one repeats. Empty where there was none as far as
   * is known, or while the database is away. May block.
   *
   * @param attempt its number, 2 or more
   * @param bodySha256 64 hex digits
   */
  public Optional<String> firstRequestIdOfEarlier(
      UUID hookId, int attempt, String bodySha256, Instant now) {
    Retry retry = new Retry(hookId, attempt, bodySha256, now.minus(RETRIES_WITHIN));
    Optional<String> remembered =
        waiting.stream()
            .filter(retry::isOf)
            .max(Comparator.comparing(LoggedDelivery::receivedAt))
            .map(LoggedDelivery::firstRequestId);
    return remembered.isPresent() ? remembered : written(retry);
  }

  private Optional<String> written(Retry retry) {
    FutureTask<Optional<String>> asking = new FutureTask<>(() -> rows.firstRequestId(retry));
    Thread.ofVirtual().name("delivery-log").start(asking);
    try {
      return asking.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("cannot look for an earlier attempt, going by this one's own id: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  /** Newest first. */
  public Page<LoggedDelivery> page(UUID repositoryId, PageRequest request) {
    return rows.page(repositoryId, request);
  }

  public Optional<LoggedDelivery> find(UUID id) {
    return rows.find(id);
  }

  /** Those that are too old to be kept, and on no first page. */
  public static Retention.Batch old() {
    return new OldItems<>(DELIVERY, DELIVERY.REPOSITORY_ID, DELIVERY.RECEIVED_AT);
  }

  private boolean write() {
    List<LoggedDelivery> batch = waiting.stream().limit(BATCH).toList();
    if (batch.isEmpty()) {
      return false;
    }
    away = true; // until it has answered
    rows.write(batch);
    away = false;
    for (int i = 0; i < batch.size(); i++) {
      waiting.remove();
    }
    size.addAndGet(-batch.size());
    return true;
  }

  @Override
  public Check check() {
    return loop.check();
  }

  /** Writes what is waiting, unless the database did not take it just now either. */
  @Override
  public void close() {
    loop.close();
    boolean more = !away;
    try {
      while (more) {
        more = write();
      }
    } catch (DataAccessException e) {
      log.debug("the database has gone", e);
    }
    if (!waiting.isEmpty()) {
      log.warn("lost the log of {} deliveries: the database is away", size);
    }
  }
}
