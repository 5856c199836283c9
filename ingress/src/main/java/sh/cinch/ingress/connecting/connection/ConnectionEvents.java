package sh.cinch.ingress.connecting.connection;

import java.net.URI;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.forge.Site;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.trace.Traceparent;

/** Tells the other services how a repository stands, in the transaction that changes it. */
record ConnectionEvents(Outbox outbox, Site site) {

  private static final URI SOURCE = URI.create("/cinch/ingress");

  void connected(DSLContext transaction, Connection connection, UUID credential, Hook hook) {
    ConnectionEvent.Hook told =
        new ConnectionEvent.Hook(
            hook.id(),
            hook.forgeUuid().map(HookUuid::value).orElse(null),
            hook.managed(),
            hook.isHealthy() ? ConnectionEvent.Health.HEALTHY : ConnectionEvent.Health.WAITING);
    tell(transaction, connection, ConnectionEvent.State.CONNECTED, credential, told);
  }

  void disconnected(DSLContext transaction, Connection connection) {
    tell(transaction, connection, ConnectionEvent.State.DISCONNECTED, null, null);
  }

  private void tell(
      DSLContext transaction,
      Connection connection,
      ConnectionEvent.State state,
      @Nullable UUID credential,
      ConnectionEvent.@Nullable Hook hook) {
    String key = connection.id().toString();
    Repository repository = connection.named(site);
    outbox.add(
        transaction,
        new Event<>(
            Topic.CONNECTION,
            key,
            UUID.randomUUID().toString(),
            SOURCE,
            key,
            connection.since(),
            Traceparent.begin(),
            new ConnectionEvent(
                repository,
                connection.workspaceUuid().orElse(null),
                connection.formerNames(),
                state,
                credential,
                hook,
                connection.since())));
  }
}
