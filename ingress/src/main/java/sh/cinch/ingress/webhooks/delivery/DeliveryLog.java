package sh.cinch.ingress.webhooks.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Loop;
import sh.cinch.service.exit.LastResort;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.retention.Retention;
import sh.cinch.service.secret.Vault;

/**
 * Logs what came in through the hooks and how it was answered: after the answer, in batches. A
 * crash may lose its newest lines, and nothing else.
 */
public final class DeliveryLog implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DeliveryLog.class);
  private static final int BATCH = 500;
  private static final int MOST_WAITING = 10_000;

  /** Refused ones leave room for those that were taken. */
  private static final int MOST_WAITING_FOR_REFUSED = MOST_WAITING / 2;

  /** What comes meanwhile is written together: each batch costs the same, whatever is in it. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Bitbucket tries again at once, and waits ten seconds for each answer. */
  public static final Duration RETRIES_WITHIN = Duration.ofMinutes(2);

  /** The forge tries again at once: what another instance got is written within a few pauses. */
  private static final int LOOKS_MORE = 3;

  private static final Patience PATIENCE = new Patience("delivery-log", Duration.ofMillis(500));

  /** SQLSTATE: a value that no column takes, or one that breaks a constraint. */
  private static final Pattern WRONG_ROW = Pattern.compile("2[23].{3}");

  private final Deliveries rows;
  private final Twins twins;
  private final RefusalCounts refusals = new RefusalCounts();
  private final BodyLog bodies;
  private final FirstDelivery first;
  private final Counter dropped;
  private final Loop loop;

  /** Each stays here until its row is committed, so that one of the two always has it. */
  private final Queue<LoggedDelivery> waiting = new ConcurrentLinkedQueue<>();

  /** What is being published: an attempt that repeats one of these is the same push. */
  private final Map<UUID, LoggedDelivery> underWay = new ConcurrentHashMap<>();

  private final AtomicInteger size = new AtomicInteger();
  private volatile boolean away;

  private DeliveryLog(
      Database database, MeterRegistry metrics, BodyLog bodies, FirstDelivery first) {
    this.bodies = bodies;
    this.rows = new Deliveries(database);
    this.twins = new Twins(database);
    this.first = first;
    this.dropped = metrics.counter("cinch.delivery.log.dropped");
    this.loop = Loop.start("delivery-log", this::write, PAUSE);
  }

  /**
   * @param kept which bodies are kept
   */
  public static DeliveryLog start(
      ServiceContext context, Vault vault, BodySettings kept, FirstDelivery first) {
    var bodies = new DeliveryBodies(context.database(), vault);
    return new DeliveryLog(
        context.database(),
        context.metrics(),
        new BodyLog(bodies, kept, context.clock(), context.metrics()),
        first);
  }

  /**
   * Never blocks. Where the database has been away for long, the oldest line is lost and counted:
   * the newest are those that may be tried again. A body is lost sooner.
   */
  public void add(LoggedDelivery delivery, byte[] body) {
    keep(delivery, body);
    add(delivery);
  }

  /** The body of one whose line is written already. Never blocks. */
  public void keep(LoggedDelivery delivery, byte[] body) {
    bodies.add(delivery.id(), delivery.receivedAt(), body);
  }

  void add(LoggedDelivery delivery) {
    int now = size.incrementAndGet();
    waiting.add(delivery);
    if (now > MOST_WAITING && waiting.poll() != null) {
      size.decrementAndGet();
      dropped.increment();
    }
    if (now == BATCH) {
      loop.wake();
    }
  }

  /**
   * It is about to be published, which may take longer than the forge waits for it.
   *
   * @param delivery as it is to be known until it is answered
   */
  public void begins(LoggedDelivery delivery) {
    underWay.put(delivery.id(), delivery);
  }

  /** It was answered, and added. */
  public void ended(LoggedDelivery delivery) {
    underWay.remove(delivery.id());
  }

  /** Whoever goes from the one to the other is in one of them at any time. */
  private Stream<LoggedDelivery> known() {
    return Stream.concat(List.copyOf(underWay.values()).stream(), waiting.stream());
  }

  /**
   * One that was refused: anybody can send such ones, so only the first few of a hook and day are
   * logged. Never blocks.
   *
   * @return whether it is logged, as far as this instance knows
   */
  public boolean addRefused(LoggedDelivery delivery) {
    boolean logged =
        size.get() < MOST_WAITING_FOR_REFUSED
            && refusals.hasRoom(delivery.hookId(), delivery.receivedAt());
    if (logged) {
      add(delivery);
    }
    return logged;
  }

  /**
   * Which push a delivery brings, where its hook has several UUIDs: for those with one there is
   * nothing to ask. May block.
   */
  public Twin twin(Sighting sighting) {
    String proposed =
        sighting.attempt() == 1
            ? sighting.requestId()
            : firstRequestIdOfEarlier(
                    sighting.hookId(), sighting.attempt(), sighting.bodySha256(), sighting.at())
                .orElse(sighting.requestId());
    Optional<Twin> single =
        remembered(sighting, delivery -> delivery.hookUuid().isEmpty()); // of before
    return patiently(() -> Optional.of(twins.claim(sighting, proposed, single)))
        .or(() -> remembered(sighting, delivery -> true))
        .orElseGet(() -> Twin.first(proposed));
  }

  /** Kafka or the outbox has it: a twin that is still to come need not bring it again. */
  public void published(Sighting sighting, Twin twin) {
    Optional<Boolean> unused =
        patiently(
            () -> {
              twins.published(sighting, twin);
              return Optional.of(true);
            });
  }

  /** Of what is not written yet, what came under another UUID and under this one not yet. */
  private Optional<Twin> remembered(Sighting sighting, Predicate<LoggedDelivery> which) {
    List<LoggedDelivery> same = known().filter(sighting::isOfSameBody).toList();
    Set<String> own =
        same.stream()
            .filter(sighting::isUnderSameUuid)
            .map(LoggedDelivery::firstRequestId)
            .collect(Collectors.toSet());
    return same.stream()
        .filter(which)
        .filter(delivery -> !own.contains(delivery.firstRequestId()))
        .min(Comparator.comparing(LoggedDelivery::receivedAt))
        .map(delivery -> Twins.twin(delivery.firstRequestId(), delivery.answer()));
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
        known()
            .filter(retry::isOf)
            .max(Comparator.comparing(LoggedDelivery::receivedAt))
            .map(LoggedDelivery::firstRequestId);
    return remembered.isPresent() ? remembered : written(retry);
  }

  private Optional<String> written(Retry retry) {
    return patiently(
        () -> {
          Optional<String> found = rows.firstRequestId(retry);
          for (int i = 0; found.isEmpty() && i < LOOKS_MORE; i++) {
            LockSupport.parkNanos(PAUSE.toNanos());
            found = rows.firstRequestId(retry);
          }
          return found;
        });
  }

  private static <T> Optional<T> patiently(Callable<Optional<T>> question) {
    return PATIENCE.ask(
        question,
        Optional.empty(),
        e ->
            log.warn(
                "cannot look for earlier deliveries, going by this one's own id: {}",
                e.toString()));
  }

  /** What it remembers of deliveries through hooks with several UUIDs. */
  public static Retention.Batch oldTwins() {
    return Twins.old();
  }

  private boolean write() {
    List<LoggedDelivery> batch = waiting.stream().limit(BATCH).toList();
    if (batch.isEmpty()) {
      return false;
    }
    away = true; // until it has answered
    write(batch);
    away = false;
    for (LoggedDelivery written : batch) {
      if (waiting.remove(written)) { // it may have been lost meanwhile
        size.decrementAndGet();
      }
    }
    return batch.size() == BATCH;
  }

  /** One row that can never be written holds up no other. */
  private void write(List<LoggedDelivery> batch) {
    try {
      rows.write(batch, first);
    } catch (RuntimeException e) {
      if (isOfTheDatabase(e)) {
        throw e;
      }
      batch.forEach(this::writeAlone);
    }
  }

  private void writeAlone(LoggedDelivery delivery) {
    try {
      rows.write(List.of(delivery), first);
    } catch (RuntimeException e) {
      if (isOfTheDatabase(e)) {
        throw e;
      }
      dropped.increment();
      // Without the message, which may quote the row.
      log.warn(
          "delivery={} cannot be logged: {}", delivery.id(), sqlState(e).orElse("no row of it"));
    }
  }

  /** Whether another try may help, rather than that the row itself is wrong. */
  private static boolean isOfTheDatabase(RuntimeException failure) {
    LastResort.endIfOutOfMemory(failure);
    return failure instanceof DataAccessException
        && sqlState(failure).filter(state -> WRONG_ROW.matcher(state).matches()).isEmpty();
  }

  private static Optional<String> sqlState(RuntimeException failure) {
    return failure instanceof DataAccessException e ? Optional.of(e.sqlState()) : Optional.empty();
  }

  @Override
  public Check check() {
    return loop.check() instanceof Check.Unwell unwell ? unwell : bodies.check();
  }

  /** Writes what is waiting, unless the database did not take it just now either. */
  @Override
  public void close() {
    bodies.close();
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
