package sh.cinch.statusworker.statuses;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.ConnectionEvent.State;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;

/**
 * Finds builds left running without a word, so that their statuses are shown as stopped. Only where
 * all that may have been said is recorded, and runners that could not say it had time to: a result
 * that lies on the topic is a word. Docs: decisions/0035.
 */
public final class OrphanWatch implements Step {

  /** Once we are back, or Kafka is, runners report what they could not meanwhile. */
  static final Duration TIME_TO_REPORT = Duration.ofMinutes(10);

  private static final Logger log = LoggerFactory.getLogger(OrphanWatch.class);
  private static final int AT_ONCE = 100;

  private final Database database;
  private final CommitStatuses statuses;
  private final ConnectionDirectory connections;
  private final Supplier<Optional<Instant>> recordedUntil;
  private final Duration silence;
  private final InstantSource clock;
  private final Counter orphans;
  private final Runnable found;
  private final Set<CommitKey> left = new HashSet<>();
  private final Set<CommitKey> disconnected = new HashSet<>();
  private Instant trustedFrom;

  /**
   * @param recordedUntil until when all build states are recorded that were written by then; throws
   *     where Kafka does not say
   * @param silence how long a build may leave us without a word
   * @param found told after each batch: statuses are due, states may have to be sent
   */
  public OrphanWatch(
      Database database,
      CommitStatuses statuses,
      ConnectionDirectory connections,
      Supplier<Optional<Instant>> recordedUntil,
      Duration silence,
      InstantSource clock,
      MeterRegistry metrics,
      Runnable found) {
    this.database = database;
    this.statuses = statuses;
    this.connections = connections;
    this.recordedUntil = recordedUntil;
    this.silence = silence;
    this.clock = clock;
    this.orphans = metrics.counter("cinch.status.orphans");
    this.found = found;
    this.trustedFrom = clock.instant().plus(TIME_TO_REPORT);
  }

  @Override
  public boolean run() {
    Optional<Instant> heardUntil = heardUntil();
    return heardUntil.isPresent()
        && !clock.instant().isBefore(trustedFrom)
        && find(heardUntil.get().minus(silence));
  }

  private Optional<Instant> heardUntil() {
    try {
      return recordedUntil.get();
    } catch (RuntimeException e) {
      trustedFrom = clock.instant().plus(TIME_TO_REPORT);
      throw e;
    }
  }

  private boolean find(Instant lastHeard) {
    List<CommitKey> keys =
        StatusRows.silent(database.sql(), lastHeard, AT_ONCE + left.size() + disconnected.size())
            .stream()
            .filter(key -> !left.contains(key) && !disconnected.contains(key))
            .toList();
    for (CommitKey key : keys) {
      Optional<ConnectionEvent> connection = connections.find(RepositoryRef.byId(key.repository()));
      if (connection.filter(event -> event.state() == State.DISCONNECTED).isPresent()) {
        disconnected.add(key);
      } else if (connection.isPresent()) {
        orphans.increment(
            database.transaction(
                transaction ->
                    statuses.orphan(transaction, connection.get().repository(), key, lastHeard)));
      } else {
        left.add(key);
        log.warn("an orphan is left as it is, its repository is not known: {}", key);
      }
    }
    if (!keys.isEmpty()) {
      found.run();
    }
    if (keys.size() >= AT_ONCE) {
      return true;
    }
    // By the next round they may be connected again.
    disconnected.clear();
    return false;
  }
}
