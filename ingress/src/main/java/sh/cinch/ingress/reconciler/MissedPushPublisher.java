package sh.cinch.ingress.reconciler;

import io.micrometer.core.instrument.Counter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.Site;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.heads.FoundPush;
import sh.cinch.ingress.heads.MissedPush;
import sh.cinch.ingress.heads.MissedPushes;
import sh.cinch.ingress.webhooks.publish.ReconciledPush;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;
import sh.cinch.service.outbox.Outbox;

/**
 * Publishes pushes that two looks have found, once all that was under way when the second one ended
 * has got through: out of the outbox, and from the topic's end into the known heads. One instance
 * at a time.
 */
final class MissedPushPublisher implements Step {

  private static final Logger log = LoggerFactory.getLogger(MissedPushPublisher.class);

  /** What one look finds of a repository: all of it lets the same through. */
  private static final int AT_ONCE = HeadComparison.MOST;

  private final Database database;
  private final Connections connections;
  private final Outbox outbox;
  private final Site site;
  private final Runnable stored;
  private final InstantSource clock;
  private final Counter published;
  private final Passage<MissedPush> passage;

  /**
   * @param recordedUntil a moment until which all pushes on the topic are among the known heads
   * @param stored told when there is something to drain
   */
  MissedPushPublisher(
      Database database,
      Connections connections,
      Outbox outbox,
      Site site,
      Supplier<Optional<Instant>> recordedUntil,
      Runnable stored,
      InstantSource clock,
      Counter published) {
    this.database = database;
    this.connections = connections;
    this.outbox = outbox;
    this.site = site;
    this.passage = new Passage<>(MissedPush::repository, recordedUntil, clock);
    this.stored = stored;
    this.clock = clock;
    this.published = published;
  }

  @Override
  public boolean run() {
    return database.exclusively("missed-pushes", this::publish).orElse(false);
  }

  private boolean publish(DSLContext session) {
    List<MissedPush> confirmed = MissedPushes.confirmed(session, AT_ONCE);
    List<MissedPush> ready = passage.through(session, confirmed);
    ready.forEach(this::publish);
    return confirmed.size() == AT_ONCE && !ready.isEmpty();
  }

  private void publish(MissedPush push) {
    Optional<Connection> connection =
        connections.find(push.repository()).filter(Connection::isConnected);
    if (connection.isEmpty()) {
      MissedPushes.forget(database.sql(), push);
      return;
    }
    boolean isTaken =
        database.transaction(transaction -> isPublished(transaction, connection.get(), push));
    if (isTaken) {
      published.increment();
      log.info("published a push that no delivery brought: {}", push);
      stored.run();
    }
  }

  /** The known head and its event, or neither. */
  private boolean isPublished(DSLContext transaction, Connection connection, MissedPush push) {
    Instant now = clock.instant();
    if (!MissedPushes.take(transaction, push, now)) {
      return false;
    }
    FoundPush found = push.found();
    outbox.add(
        transaction,
        new ReconciledPush(
                connection.named(site),
                found.ref(),
                found.oldHash(),
                found.newHash(),
                found.number(),
                found.message(),
                found.author(),
                now)
            .event());
    return true;
  }
}
