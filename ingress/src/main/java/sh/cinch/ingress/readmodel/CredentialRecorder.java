package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.excluded;
import static sh.cinch.database.ingress.Tables.CREDENTIAL;

import org.jooq.DSLContext;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.service.kafka.Incoming;

/** Writes the health of credentials. */
final class CredentialRecorder {

  private CredentialRecorder() {}

  static void record(DSLContext transaction, Incoming record, CredentialEvent event) {
    transaction
        .insertInto(CREDENTIAL)
        .set(CREDENTIAL.ID, event.credentialId())
        .set(CREDENTIAL.STATE, event.state().word())
        .set(CREDENTIAL.REASON, event.reason())
        .set(CREDENTIAL.EXPIRES_AT, event.expiresAt())
        .set(CREDENTIAL.AT, event.at())
        .onConflict(CREDENTIAL.ID)
        .doUpdate()
        .setNonConflictingKeyToExcluded()
        .where(CREDENTIAL.AT.le(excluded(CREDENTIAL.AT)))
        .execute();
  }
}
