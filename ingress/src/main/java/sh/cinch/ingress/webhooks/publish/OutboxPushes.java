package sh.cinch.ingress.webhooks.publish;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.Site;
import sh.cinch.ingress.heads.MissedPushes;
import sh.cinch.service.outbox.Outbox;

/** Publishes a push that was delivered a while ago, by the outbox alone. */
public record OutboxPushes(Outbox outbox, Site site, InstantSource clock) {

  /** In the caller's transaction, under the ids that it would have had at once. */
  public void add(DSLContext transaction, Push push) {
    Map<String, @Nullable String> heads = new HashMap<>();
    push.changes().forEach(change -> heads.put(change.ref(), change.newHash()));
    Map<String, String> ids =
        MissedPushes.meet(
                transaction, push.repository().id(), heads, push.firstRequestId(), clock.instant())
            .ids();
    new PushEvents(site).of(push, ids).forEach(event -> outbox.add(transaction, event));
  }
}
