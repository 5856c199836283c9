package sh.cinch.ingress.reconciler;

import static sh.cinch.database.service.Tables.OUTBOX;

import io.micrometer.core.instrument.Counter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.Site;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.heads.FoundPush;
import sh.cinch.ingress.heads.MissedPush;
import sh.cinch.ingress.heads.MissedPushes;
import sh.cinch.ingress.webhooks.publish.ReconciledPush;
import sh.cinch.schema.topic.Topic;
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
  private static final int AT_ONCE = 100;

  private final Database database;
  private final Connections connections;
  private final Outbox outbox;
  private final Site site;
  private final Supplier<Optional<Instant>> recordedUntil;
  private final Runnable stored;
  private final InstantSource clock;
  private final Counter published;
  private final Map<MissedPush, Waiting> waiting = new HashMap<>();

  /**
   * What a push waits for.
   *
   * @param outboxEnd the last row of the outbox that may be of a push before it
   * @param drainedAt when all of those that are of its repository had left the outbox
   */
  private record Waiting(long outboxEnd, Optional<Instant> drainedAt) {

    boolean isOver(Instant recordedUntil) {
      return drainedAt.filter(at -> !recordedUntil.isBefore(at)).isPresent();
    }
  }

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
    this.recordedUntil = recordedUntil;
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
    waiting.keySet().retainAll(confirmed);
    if (confirmed.isEmpty()) {
      return false;
    }
    long end = outboxEnd(session);
    confirmed.forEach(push -> waiting.putIfAbsent(push, new Waiting(end, Optional.empty())));
    waiting.replaceAll((push, one) -> drained(session, push, one));
    Optional<Instant> recorded = recordedUntil.get();
    List<MissedPush> ready = confirmed.stream().filter(push -> isThrough(push, recorded)).toList();
    ready.forEach(this::publish);
    return confirmed.size() == AT_ONCE && !ready.isEmpty();
  }

  private boolean isThrough(MissedPush push, Optional<Instant> recorded) {
    Waiting one = waiting.get(push);
    return one != null && recorded.filter(one::isOver).isPresent();
  }

  private static long outboxEnd(DSLContext session) {
    return session
        .select(DSL.coalesce(DSL.max(OUTBOX.ID), DSL.inline(0L)))
        .from(OUTBOX)
        .fetchSingle()
        .value1();
  }

  private Waiting drained(DSLContext session, MissedPush push, Waiting one) {
    boolean isDrained =
        one.drainedAt().isPresent()
            || !session.fetchExists(
                OUTBOX,
                OUTBOX
                    .TOPIC
                    .eq(Topic.PUSH.name())
                    .and(OUTBOX.RECORD_KEY.eq(key(push.repository())))
                    .and(OUTBOX.ID.le(one.outboxEnd())));
    return isDrained
        ? new Waiting(one.outboxEnd(), one.drainedAt().or(() -> Optional.of(clock.instant())))
        : one;
  }

  private static byte[] key(UUID repository) {
    return repository.toString().getBytes(StandardCharsets.UTF_8);
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
