package sh.cinch.ingress.webhooks.publish;

import java.time.InstantSource;
import java.util.Map;
import org.jooq.DSLContext;
import sh.cinch.forge.Site;
import sh.cinch.ingress.heads.MissedPushes;
import sh.cinch.service.outbox.Outbox;

/** Publishes a push that was delivered a while ago, by the outbox alone. */
public final class OutboxPushes {

  private final Outbox outbox;
  private final PushEvents events;
  private final InstantSource clock;

  /**
   * @param site where repositories are cloned from
   */
  public OutboxPushes(Outbox outbox, Site site, InstantSource clock) {
    this.outbox = outbox;
    this.events = new PushEvents(site);
    this.clock = clock;
  }

  /** In the caller's transaction, under the ids that it would have had at once. */
  public void add(DSLContext transaction, Push push) {
    Map<String, String> ids =
        MissedPushes.meet(
                transaction,
                push.repository().id(),
                push.heads(),
                push.firstRequestId(),
                clock.instant())
            .ids();
    events.of(push, ids).forEach(event -> outbox.add(transaction, event));
  }
}
