package sh.cinch.ingress.webhooks.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.webhooks.delivery.DeliveryBodies.Kept;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;

/**
 * Writes bodies behind the answer, in batches. They are the first that an overload costs: what does
 * not fit into its room is dropped and counted, and its pace is bounded, so that compressing them
 * takes no more than its share of the processors.
 */
final class BodyLog implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BodyLog.class);

  /** Bytes that may wait in memory, of all together; of a small heap they are a good part. */
  private static final long MOST_WAITING =
      Math.min(8 * 1024 * 1024, Runtime.getRuntime().maxMemory() / 16);

  /** Bytes of a batch, or one body where that has more. */
  private static final int BATCH_BYTES = 1024 * 1024;

  private static final int BATCH = 500;

  /** With the batch it is the pace: 20 MiB a second at most. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final DeliveryBodies rows;
  private final BodySettings settings;
  private final InstantSource clock;
  private final Counter tooLarge;
  private final Counter overload;
  private final Loop loop;

  /** Each stays here until its row is committed. */
  private final Queue<Kept> waiting = new ConcurrentLinkedQueue<>();

  private final AtomicLong bytes = new AtomicLong();
  private volatile boolean away;

  BodyLog(DeliveryBodies rows, BodySettings settings, InstantSource clock, MeterRegistry metrics) {
    this.rows = rows;
    this.settings = settings;
    this.clock = clock;
    this.tooLarge = dropped(metrics, "too-large");
    this.overload = dropped(metrics, "overload");
    this.loop = Loop.start("delivery-bodies", this::write, PAUSE);
  }

  private static Counter dropped(MeterRegistry metrics, String reason) {
    return metrics.counter("cinch.delivery.body.dropped", "reason", reason);
  }

  /** Never blocks: it keeps the bytes themselves, and copies none. */
  void add(UUID delivery, Instant receivedAt, byte[] body) {
    if (settings.isNone()) {
      return;
    }
    if (body.length > settings.largest()) {
      tooLarge.increment();
    } else if (bytes.addAndGet(body.length) > MOST_WAITING) {
      bytes.addAndGet(-body.length);
      overload.increment();
    } else {
      waiting.add(new Kept(delivery, receivedAt, body));
    }
  }

  private boolean write() {
    List<Kept> batch = batch();
    if (!batch.isEmpty()) {
      away = true; // until it has answered
      rows.write(batch, clock.instant());
      away = false;
      batch.forEach(
          written -> {
            waiting.remove();
            bytes.addAndGet(-written.bytes().length);
          });
    }
    return false; // the rest waits for its turn
  }

  private List<Kept> batch() {
    List<Kept> batch = new ArrayList<>();
    long size = 0;
    for (Kept next : waiting) {
      size += next.bytes().length;
      if (!batch.isEmpty() && (size > BATCH_BYTES || batch.size() == BATCH)) {
        break;
      }
      batch.add(next);
    }
    return batch;
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
      while (more && !waiting.isEmpty()) {
        more = !write();
      }
    } catch (DataAccessException e) {
      log.debug("the database has gone", e);
    }
    if (!waiting.isEmpty()) {
      log.warn("lost the bodies of deliveries, {} bytes: the database is away", bytes);
    }
  }
}
