package sh.cinch.ingress.webhooks.held;

import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.PushPayload;
import sh.cinch.bitbucket.webhook.RefChange;
import sh.cinch.ingress.webhooks.delivery.BodyKeys;
import sh.cinch.ingress.webhooks.delivery.Deliveries;
import sh.cinch.ingress.webhooks.delivery.Outcomes;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.ingress.webhooks.publish.OutboxPushes;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.secret.Vault;

/**
 * Ends what is held: it is published, by the outbox, or dropped, in one transaction with its row
 * and its line of the log. Blocks.
 */
public final class HeldEnd {

  /** From then on each instance that receives deliveries knows that something is held. */
  public static final Duration KNOWN_EVERYWHERE = HeldRepositories.KNOWN_EVERYWHERE;

  private static final Logger log = LoggerFactory.getLogger(HeldEnd.class);

  private final Database database;
  private final InstantSource clock;
  private final HeldRows rows;
  private final OutboxPushes outbox;
  private final Runnable stored;
  private final Counter published;
  private final Counter dropped;

  /**
   * @param stored told when there is something to drain from the outbox
   */
  public HeldEnd(ServiceContext context, Vault vault, OutboxPushes outbox, Runnable stored) {
    this.database = context.database();
    this.clock = context.clock();
    this.rows = new HeldRows(new BodyKeys(database, vault));
    this.outbox = outbox;
    this.stored = stored;
    this.published = context.metrics().counter("cinch.held.ended", "outcome", "published");
    this.dropped = context.metrics().counter("cinch.held.ended", "outcome", "dropped");
  }

  /** Those that were held before, in their order. */
  public static List<HeldPush> heldBefore(DSLContext sql, Instant moment, int most) {
    return HeldRows.before(sql, moment, most);
  }

  public static int count(DSLContext sql) {
    return HeldRows.count(sql);
  }

  public Duration longest(DSLContext sql) {
    return HeldRows.oldest(sql)
        .map(oldest -> Duration.between(oldest, clock.instant()))
        .orElse(Duration.ZERO);
  }

  /** What it brings; empty where that cannot be read any more. */
  public Optional<PushPayload.Parsed> read(DSLContext sql, HeldPush held) {
    return rows.read(sql, held);
  }

  /**
   * @param real those of its changes that are to be published; none: it is dropped
   * @param why in words, for people
   * @return false where somebody else has ended it
   */
  public boolean end(
      HeldPush held,
      HookedRepository repository,
      PushPayload.Parsed body,
      List<RefChange> real,
      String why) {
    return end(
        held,
        real.size(),
        why,
        transaction -> end(transaction, held, repository, body, real, held.cameBefore() + why));
  }

  /**
   * Nothing of it is published.
   *
   * @param why in words, for people
   */
  public void drop(HeldPush held, String why) {
    boolean unused =
        end(held, 0, why, transaction -> settle(transaction, held, 0, held.cameBefore() + why));
  }

  private boolean end(HeldPush held, int events, String why, Consumer<DSLContext> how) {
    boolean isHeld =
        database.transaction(
            transaction -> {
              boolean isLocked = HeldRows.lock(transaction, held);
              if (isLocked) {
                how.accept(transaction);
              }
              return isLocked;
            });
    if (isHeld) {
      ended(held, events, why);
    }
    return isHeld;
  }

  /** Within the transaction that has locked it; {@link #ended} is to be called after that. */
  void end(
      DSLContext transaction,
      HeldPush held,
      HookedRepository repository,
      PushPayload.Parsed body,
      List<RefChange> real,
      String why) {
    if (!real.isEmpty()) {
      outbox.add(transaction, held.push(repository, body, real));
    }
    settle(transaction, held, real.size(), why);
  }

  private static void settle(DSLContext transaction, HeldPush held, int events, String why) {
    HeldRows.delete(transaction, held);
    Deliveries.settled(
        transaction,
        held.deliveryId(),
        events,
        events == 0 ? Outcomes.DROPPED : Outcomes.SPOOLED,
        why);
  }

  void ended(HeldPush held, int events, String why) {
    (events == 0 ? dropped : published).increment();
    log.info("held push ended: {} events={} reason=\"{}\"", held, events, why);
    if (events > 0) {
      stored.run();
    }
  }
}
