package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.excluded;
import static sh.cinch.database.ingress.Tables.REPORTED_STATE;
import static sh.cinch.database.ingress.Tables.SHOWN_STATUS;
import static sh.cinch.service.text.EnumWord.word;

import java.util.Objects;
import java.util.UUID;
import org.jooq.DSLContext;
import sh.cinch.database.ingress.tables.records.ReportedStateRecord;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.Limits;
import sh.cinch.service.kafka.Incoming;

/** Copies commit statuses as they stand, and build states as they were reported. */
final class StatusRecorder {

  private StatusRecorder() {}

  static void shown(DSLContext transaction, Incoming record, CommitStatusEvent status) {
    transaction
        .insertInto(SHOWN_STATUS)
        .set(SHOWN_STATUS.REPOSITORY_ID, status.repository().id())
        .set(SHOWN_STATUS.COMMIT_HASH, status.commit())
        .set(SHOWN_STATUS.STATUS_KEY, status.key())
        .set(SHOWN_STATUS.REF, Objects.requireNonNullElse(status.ref(), ""))
        .set(SHOWN_STATUS.VERSION, status.version())
        .set(SHOWN_STATUS.DELIVERY_ID, status.deliveryId())
        .set(SHOWN_STATUS.PUSH_ID, status.pushId())
        .set(SHOWN_STATUS.EVENT, StoredEvent.text(record))
        .set(SHOWN_STATUS.CHANGED_AT, status.at())
        .onConflict(
            SHOWN_STATUS.REPOSITORY_ID,
            SHOWN_STATUS.COMMIT_HASH,
            SHOWN_STATUS.STATUS_KEY,
            SHOWN_STATUS.REF)
        .doUpdate()
        .setNonConflictingKeyToExcluded()
        .where(
            SHOWN_STATUS
                .VERSION
                .lt(excluded(SHOWN_STATUS.VERSION))
                // Forgotten by the status-worker meanwhile: it begins anew.
                .or(SHOWN_STATUS.CHANGED_AT.lt(status.at().minus(Limits.AGE))))
        .execute();
  }

  /** It has another ref now, and shows under that. */
  static void gone(DSLContext transaction, StatusId status) {
    transaction
        .deleteFrom(SHOWN_STATUS)
        .where(SHOWN_STATUS.REPOSITORY_ID.eq(status.repository()))
        .and(SHOWN_STATUS.COMMIT_HASH.eq(status.commit()))
        .and(SHOWN_STATUS.STATUS_KEY.eq(status.key()))
        .and(SHOWN_STATUS.REF.eq(status.ref()))
        .execute();
  }

  static void reported(DSLContext transaction, Incoming record, BuildState state) {
    if (Limits.tooOld("occurredAt", state.occurredAt(), record.brokerTime()).isPresent()) {
      return; // the status-worker refuses it
    }
    Connections.resolve(transaction, state.repository())
        .ifPresent(repository -> reported(transaction, record, repository, state));
  }

  /** The first record of an id stays, but for a replay, which may be corrected. */
  private static void reported(
      DSLContext transaction, Incoming record, UUID repository, BuildState state) {
    var row = new ReportedStateRecord();
    row.setRepositoryId(repository);
    row.setCommitHash(state.commit());
    row.setEventId(record.eventId());
    row.setStatusKey(state.key());
    row.setRef(Objects.requireNonNullElse(state.ref(), ""));
    row.setNumber(Objects.requireNonNullElse(state.number(), ""));
    row.setState(word(state.state()));
    row.setName(state.name());
    row.setUrl(state.url());
    row.setOccurredAt(state.occurredAt());
    row.setReceivedAt(record.brokerTime());
    var insert = transaction.insertInto(REPORTED_STATE).set(row);
    if (record.isReplay()) {
      insert
          .onConflict(
              REPORTED_STATE.REPOSITORY_ID, REPORTED_STATE.COMMIT_HASH, REPORTED_STATE.EVENT_ID)
          .doUpdate()
          .setNonConflictingKeyToExcluded()
          .execute();
    } else {
      insert.onConflictDoNothing().execute();
    }
  }
}
