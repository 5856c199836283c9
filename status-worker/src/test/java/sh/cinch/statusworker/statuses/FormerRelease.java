package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.COMMIT_STATUS;
import static sh.cinch.database.status_worker.Tables.REPORT;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.status_worker.tables.records.CommitStatusRecord;
import sh.cinch.service.outbox.StoredHeaders;

/** What instances of release 0.1.0 do to their tables, statement by statement. */
public record FormerRelease(DSLContext sql, UUID repository, String commit, String key) {

  /** A report that is wanted, whatever was before. */
  public void records(ReceivedBuildState arrival, Instant now) {
    add(arrival);
    sql.update(REPORT)
        .set(REPORT.SETTLED, REPORT.EVENT_ID.ne(arrival.report().eventId()))
        .where(REPORT.REPOSITORY_ID.eq(repository))
        .execute();
    want(arrival.report().eventId(), now);
  }

  /** A report that is wanted, or not, as all that it knows of the key say. */
  void decides(ReceivedBuildState arrival, Instant now) {
    add(arrival);
    String wanted =
        BuildOrder.wanted(
                sql.selectFrom(REPORT)
                    .where(REPORT.REPOSITORY_ID.eq(repository))
                    .and(REPORT.RETIRED.isFalse())
                    .fetch(HandBack::report))
            .eventId();
    if (wanted.equals(arrival.report().eventId()) || !wanted.equals(row().getEventId())) {
      want(wanted, now);
    }
  }

  private void add(ReceivedBuildState arrival) {
    ReportedState report = arrival.report();
    sql.insertInto(REPORT)
        .set(REPORT.REPOSITORY_ID, repository)
        .set(REPORT.COMMIT_HASH, commit)
        .set(REPORT.STATUS_KEY, key)
        .set(REPORT.EVENT_ID, report.eventId())
        .set(REPORT.NUMBER, report.number())
        .set(REPORT.SEQUENCE, report.sequence())
        .set(REPORT.OCCURRED_AT, report.occurredAt())
        .set(REPORT.FINAL, report.isFinal())
        .set(REPORT.RECORD_PARTITION, report.partition())
        .set(REPORT.RECORD_OFFSET, report.offset())
        .set(REPORT.RECORDED_AT, arrival.record().brokerTime())
        .set(REPORT.TRACEPARENT, arrival.trace().toString())
        .set(REPORT.RECORD_KEY, arrival.record().key())
        .set(REPORT.RECORD_HEADERS, StoredHeaders.store(arrival.record().headers()))
        .set(REPORT.RECORD_VALUE, arrival.record().value())
        .execute();
  }

  private void want(String event, Instant now) {
    sql.insertInto(COMMIT_STATUS)
        .set(COMMIT_STATUS.REPOSITORY_ID, repository)
        .set(COMMIT_STATUS.COMMIT_HASH, commit)
        .set(COMMIT_STATUS.STATUS_KEY, key)
        .set(COMMIT_STATUS.EVENT_ID, event)
        .set(COMMIT_STATUS.VERSION, 1L)
        .set(COMMIT_STATUS.DUE_AT, now)
        .onConflict(COMMIT_STATUS.getPrimaryKey().getFields())
        .doUpdate()
        .set(COMMIT_STATUS.EVENT_ID, event)
        .set(COMMIT_STATUS.VERSION, COMMIT_STATUS.VERSION.plus(1))
        .set(COMMIT_STATUS.DUE_AT, DSL.coalesce(COMMIT_STATUS.DUE_AT, DSL.val(now)))
        .set(COMMIT_STATUS.ATTEMPTS, 0)
        .setNull(COMMIT_STATUS.WAITING_FOR)
        .setNull(COMMIT_STATUS.LAST_REASON)
        .execute();
  }

  /**
   * @return null where nothing is due
   */
  public @Nullable CommitStatusRecord claims(Instant now, Instant until) {
    return sql.update(COMMIT_STATUS)
        .set(COMMIT_STATUS.DUE_AT, until)
        .set(COMMIT_STATUS.CLAIM, COMMIT_STATUS.CLAIM.plus(1))
        .where(mine())
        .and(COMMIT_STATUS.DUE_AT.le(now))
        .returning()
        .fetchOne();
  }

  /** An attempt has ended: settled where the claim holds, else what others posted is due again. */
  public void settles(CommitStatusRecord claimed, @Nullable String reason, Instant now) {
    CommitStatusRecord row = row();
    if (row.getClaim().equals(claimed.getClaim())) {
      sql.update(COMMIT_STATUS)
          .setNull(COMMIT_STATUS.DUE_AT)
          .set(COMMIT_STATUS.ATTEMPTS, 1)
          .set(
              COMMIT_STATUS.POSTED_EVENT_ID,
              reason == null ? claimed.getEventId() : claimed.getPostedEventId())
          .set(COMMIT_STATUS.LAST_REASON, reason)
          .where(mine())
          .execute();
      sql.update(REPORT)
          .set(REPORT.SETTLED, true)
          .where(REPORT.REPOSITORY_ID.eq(repository))
          .execute();
    } else {
      sql.update(COMMIT_STATUS)
          .set(COMMIT_STATUS.VERSION, COMMIT_STATUS.VERSION.plus(1))
          .set(COMMIT_STATUS.DUE_AT, DSL.coalesce(COMMIT_STATUS.DUE_AT, DSL.val(now)))
          .where(mine())
          .execute();
    }
  }

  CommitStatusRecord row() {
    return Objects.requireNonNull(sql.fetchOne(COMMIT_STATUS, mine()));
  }

  private Condition mine() {
    return COMMIT_STATUS
        .REPOSITORY_ID
        .eq(repository)
        .and(COMMIT_STATUS.COMMIT_HASH.eq(commit))
        .and(COMMIT_STATUS.STATUS_KEY.eq(key));
  }
}
