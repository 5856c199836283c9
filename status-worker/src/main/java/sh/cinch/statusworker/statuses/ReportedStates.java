package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.REPORT;

import java.util.Collection;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import sh.cinch.database.status_worker.tables.records.ReportRecord;
import sh.cinch.service.outbox.StoredHeaders;

/** The reports of one status as they lie in the database; used by whoever holds its row. */
record ReportedStates(DSLContext sql, StatusId status) {

  /**
   * @return false where the event was there already: then nothing changed
   */
  boolean add(ReceivedBuildState arrival) {
    return sql.insertInto(REPORT).set(row(arrival)).onConflictDoNothing().execute() == 1;
  }

  /**
   * Puts a replayed record into the place of the one it replays. When that was reported stays, or a
   * clock that ran ahead would be ahead again.
   *
   * @return false where this very replay was recorded before
   */
  boolean replace(ReceivedBuildState arrival) {
    ReportRecord row = row(arrival);
    row.touched(REPORT.OCCURRED_AT, false);
    row.setSettled(false);
    row.setRetired(false);
    return sql.update(REPORT)
            .set(row)
            .where(one(arrival.record().eventId()))
            .and(
                REPORT
                    .RECORD_PARTITION
                    .ne(arrival.record().partition())
                    .or(REPORT.RECORD_OFFSET.ne(arrival.record().offset())))
            .execute()
        == 1;
  }

  /** All that may still be wanted. */
  List<ReportRecord> contending() {
    return sql.selectFrom(REPORT).where(status.reports()).and(REPORT.RETIRED.isFalse()).fetch();
  }

  /**
   * An outcome tells of it.
   *
   * @return false where one had told of it before
   */
  boolean settle(String event) {
    return sql.update(REPORT)
            .set(REPORT.SETTLED, true)
            .where(one(event))
            .and(REPORT.SETTLED.isFalse())
            .execute()
        == 1;
  }

  /** It is wanted (again): an outcome is to be told. */
  void unsettle(String event) {
    sql.update(REPORT).set(REPORT.SETTLED, false).where(one(event)).execute();
  }

  /** They cannot be wanted any more: what they said is dropped, that they came is not. */
  void retire(Collection<String> events) {
    if (!events.isEmpty()) {
      sql.update(REPORT)
          .set(REPORT.RETIRED, true)
          .setNull(REPORT.RECORD_KEY)
          .setNull(REPORT.RECORD_HEADERS)
          .setNull(REPORT.RECORD_VALUE)
          .where(status.reports().and(REPORT.EVENT_ID.in(events)))
          .execute();
    }
  }

  static ReportedState report(ReportRecord row) {
    return new ReportedState(
        row.getEventId(),
        row.getNumber(),
        row.getSequence(),
        row.getOccurredAt(),
        row.getFinal(),
        row.getRecordPartition(),
        row.getRecordOffset());
  }

  private static ReportRecord row(ReceivedBuildState arrival) {
    ReportedState report = arrival.report();
    ReportRecord row = new ReportRecord();
    row.setRepositoryId(arrival.status().repository());
    row.setCommitHash(arrival.status().commit());
    row.setStatusKey(arrival.status().key());
    row.setEventId(report.eventId());
    row.setNumber(report.number());
    row.setSequence(report.sequence());
    row.setOccurredAt(report.occurredAt());
    row.setFinal(report.isFinal());
    row.setRecordPartition(report.partition());
    row.setRecordOffset(report.offset());
    row.setRecordedAt(arrival.record().brokerTime());
    row.setTraceparent(arrival.trace().toString());
    row.setRecordKey(arrival.record().key());
    row.setRecordHeaders(StoredHeaders.store(arrival.record().headers()));
    row.setRecordValue(arrival.record().value());
    return row;
  }

  private Condition one(String event) {
    return status.reports().and(REPORT.EVENT_ID.eq(event));
  }
}
