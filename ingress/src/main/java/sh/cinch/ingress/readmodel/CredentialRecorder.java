package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.excluded;
import static sh.cinch.database.ingress.Tables.CREDENTIAL;

import org.jooq.DSLContext;
import sh.cinch.ingress.connecting.credential.CredentialHealth;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.kafka.Incoming;

/** Writes down how credentials stand. */
final class CredentialRecorder {

  private final DeadLetters deadLetters;

  CredentialRecorder(DeadLetters deadLetters) {
    this.deadLetters = deadLetters;
  }

  void record(DSLContext transaction, Incoming record) {
    switch (EventJson.read(record.value(), CredentialEvent.class)) {
      case Reading.Good<CredentialEvent>(CredentialEvent event) -> upsert(transaction, event);
      case Reading.Bad<CredentialEvent>(String reason) ->
          deadLetters.put(transaction, record, reason);
    }
  }

  private static void upsert(DSLContext transaction, CredentialEvent event) {
    transaction
        .insertInto(CREDENTIAL)
        .set(CREDENTIAL.ID, event.credentialId())
        .set(CREDENTIAL.STATE, CredentialHealth.word(event.state()))
        .set(CREDENTIAL.REASON, event.reason())
        .set(CREDENTIAL.EXPIRES_AT, event.expiresAt())
        .set(CREDENTIAL.AT, event.at())
        .onConflict(CREDENTIAL.ID)
        .doUpdate()
        .set(CREDENTIAL.STATE, excluded(CREDENTIAL.STATE))
        .set(CREDENTIAL.REASON, excluded(CREDENTIAL.REASON))
        .set(CREDENTIAL.EXPIRES_AT, excluded(CREDENTIAL.EXPIRES_AT))
        .set(CREDENTIAL.AT, excluded(CREDENTIAL.AT))
        .where(CREDENTIAL.AT.le(excluded(CREDENTIAL.AT)))
        .execute();
  }
}
