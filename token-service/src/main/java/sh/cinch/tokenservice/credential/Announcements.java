package sh.cinch.tokenservice.credential;

import java.net.URI;
import java.time.Instant;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.trace.Traceparent;

/** Says on {@code cinch.credential.v1} how a credential stands now. */
record Announcements(Outbox outbox) {

  private static final Logger log = LoggerFactory.getLogger(Announcements.class);
  private static final URI SOURCE = URI.create("/cinch/token-service");

  void add(DSLContext transaction, Credential credential, Instant at) {
    String id = credential.id().toString();
    String reason = credential.history().reason().orElse(null);
    log.info(
        "credential={} kind={} state={} reason=\"{}\"",
        id,
        credential.kind().word(),
        credential.history().state().word(),
        reason == null ? "" : reason);
    outbox.add(
        transaction,
        new Event<>(
            Topic.CREDENTIAL,
            id,
            id + ":" + credential.version(),
            SOURCE,
            id,
            at,
            Traceparent.begin(),
            new CredentialEvent(
                credential.id(),
                credential.kind().word(),
                credential.history().state(),
                reason,
                credential.endsAt().orElse(null),
                at)));
  }
}
