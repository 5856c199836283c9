package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.COMMIT_STATUS;
import static sh.cinch.database.status_worker.Tables.REPORT;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import sh.cinch.database.status_worker.tables.records.CommitStatusRecord;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.due.ClaimState;
import sh.cinch.service.due.DueRows;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.outbox.StoredHeaders;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.statusworker.outcome.Outcomes;

/** The rows of commit statuses: what each should show on Bitbucket, and how far that is. */
public final class CommitStatuses {

  private final Outcomes outcomes;
  private final InstantSource clock;
  private final DueRows<CommitStatusRecord> due;

  public CommitStatuses(Outcomes outcomes, InstantSource clock) {
    this.outcomes = outcomes;
    this.clock = clock;
    this.due = new DueRows<>(COMMIT_STATUS, COMMIT_STATUS.DUE_AT, COMMIT_STATUS.CLAIM, clock);
  }

  /**
   * Records a batch. What is now wanted becomes due; what will never be posted is told to be
   * superseded.
   *
   * @return what each build state meant, by its event id
   */
  public Map<String, ReportResult> record(DSLContext transaction, List<ReceivedBuildState> batch) {
    // Always in one order, so that no two instances wait for each other's rows.
    TreeMap<StatusId, List<ReceivedBuildState>> byStatus =
        batch.stream()
            .collect(
                Collectors.groupingBy(
                    ReceivedBuildState::status, TreeMap::new, Collectors.toList()));
    Map<String, ReportResult> results = new HashMap<>();
    byStatus.forEach(
        (status, arrivals) ->
            results.putAll(
                new ReportRecorder(
                        transaction,
                        arrivals.getLast().repository(),
                        status,
                        outcomes,
                        clock.instant())
                    .record(arrivals)));
    return results;
  }

  /**
   * Takes up to {@code limit} statuses that are due, the longest due first.
   *
   * @param hold for how long they are nobody else's
   */
  public List<StatusClaim> claim(DSLContext sql, int limit, Duration hold) {
    return due.claim(sql, DSL.noCondition(), limit, hold).stream().map(StatusClaim::new).toList();
  }

  /** What is wanted by now, which may be newer than when it was claimed. */
  public DesiredStatus desired(DSLContext sql, StatusClaim claim) {
    Record row =
        sql.select(COMMIT_STATUS.asterisk(), REPORT.asterisk())
            .from(COMMIT_STATUS)
            .join(REPORT)
            .on(claim.status().reports().and(REPORT.EVENT_ID.eq(COMMIT_STATUS.EVENT_ID)))
            .where(claim.status().row())
            .fetchSingle();
    return new DesiredStatus(
        claim.status(),
        row.get(COMMIT_STATUS.VERSION),
        incoming(row),
        Traceparent.continued(row.get(REPORT.TRACEPARENT)),
        row.get(COMMIT_STATUS.ATTEMPTS),
        Optional.ofNullable(row.get(COMMIT_STATUS.WAITING_FOR)));
  }

  /** Locks the row, so that it stands so until the transaction ends. */
  public ClaimState state(DSLContext transaction, StatusClaim claim, DesiredStatus attempted) {
    CommitStatusRecord row =
        transaction.selectFrom(COMMIT_STATUS).where(claim.status().row()).forUpdate().fetchSingle();
    if (!row.getClaim().equals(claim.row().getClaim())) {
      return ClaimState.LOST;
    }
    return row.getVersion() == attempted.version() ? ClaimState.CURRENT : ClaimState.OVERTAKEN;
  }

  /**
   * Bitbucket shows it.
   *
   * @return false where that was told before: it was posted again for safety's sake
   */
  public boolean posted(
      DSLContext transaction, StatusClaim claim, DesiredStatus posted, int requests) {
    String event = posted.record().eventId();
    due.settle(
        transaction,
        claim.row(),
        Map.of(
            COMMIT_STATUS.ATTEMPTS,
            posted.attempts() + requests,
            COMMIT_STATUS.POSTED_EVENT_ID,
            event),
        null);
    return new ReportedStates(transaction, claim.status()).settle(event);
  }

  /** Bitbucket never will show it. */
  public void gaveUp(
      DSLContext transaction,
      StatusClaim claim,
      DesiredStatus desired,
      int requests,
      String reason) {
    due.settle(
        transaction,
        claim.row(),
        Map.of(
            COMMIT_STATUS.ATTEMPTS,
            desired.attempts() + requests,
            COMMIT_STATUS.LAST_REASON,
            reason),
        null);
    new ReportedStates(transaction, claim.status()).settle(desired.record().eventId());
  }

  /**
   * To be tried again.
   *
   * @param waitingFor the kind of reason, one of a closed set
   */
  public void later(
      DSLContext transaction,
      StatusClaim claim,
      DesiredStatus desired,
      int requests,
      Instant next,
      String waitingFor,
      String reason) {
    due.settle(
        transaction,
        claim.row(),
        Map.of(
            COMMIT_STATUS.ATTEMPTS,
            desired.attempts() + requests,
            COMMIT_STATUS.WAITING_FOR,
            waitingFor,
            COMMIT_STATUS.LAST_REASON,
            reason),
        next);
  }

  /** The attempt was overtaken: what is wanted now may be posted from then on. */
  public void release(DSLContext transaction, StatusClaim claim, Instant next) {
    due.settle(transaction, claim.row(), Map.of(), next);
  }

  /** Something older may have been written over what others posted: theirs is due once more. */
  public void wantAgain(DSLContext transaction, StatusId status) {
    transaction
        .update(COMMIT_STATUS)
        .set(COMMIT_STATUS.VERSION, COMMIT_STATUS.VERSION.plus(1))
        .set(COMMIT_STATUS.DUE_AT, DSL.coalesce(COMMIT_STATUS.DUE_AT, DSL.val(clock.instant())))
        .where(status.row())
        .execute();
  }

  /** How many statuses wait to be posted. */
  public int backlog(DSLContext sql) {
    return sql.fetchCount(COMMIT_STATUS, COMMIT_STATUS.DUE_AT.isNotNull());
  }

  private static Incoming incoming(Record row) {
    byte[] key = row.get(REPORT.RECORD_KEY);
    byte[] value = row.get(REPORT.RECORD_VALUE);
    return new Incoming(
        new ConsumerRecord<>(
            Topic.BUILD_STATE.name(),
            row.get(REPORT.RECORD_PARTITION),
            row.get(REPORT.RECORD_OFFSET),
            row.get(REPORT.RECORDED_AT).toEpochMilli(),
            TimestampType.LOG_APPEND_TIME,
            key == null ? ConsumerRecord.NULL_SIZE : key.length,
            value == null ? ConsumerRecord.NULL_SIZE : value.length,
            key,
            value,
            StoredHeaders.load(row.get(REPORT.RECORD_HEADERS)),
            Optional.empty()));
  }
}
