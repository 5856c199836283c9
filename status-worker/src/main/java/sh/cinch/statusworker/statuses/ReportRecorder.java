package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.COMMIT_STATUS;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import sh.cinch.database.status_worker.tables.records.CommitStatusRecord;
import sh.cinch.database.status_worker.tables.records.ReportRecord;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.outcome.Subject;

/**
 * What one batch brings for one status. The row of the status is the lock on its reports, so the
 * rules hold whichever partition or instance a report came through.
 */
final class ReportRecorder {

  private final DSLContext transaction;
  private final Repository repository;
  private final StatusId status;
  private final ReportedStates reports;
  private final Outcomes outcomes;
  private final Instant now;

  /**
   * @param repository as it is called now
   */
  ReportRecorder(
      DSLContext transaction,
      Repository repository,
      StatusId status,
      Outcomes outcomes,
      Instant now) {
    this.transaction = transaction;
    this.repository = repository;
    this.status = status;
    this.reports = new ReportedStates(transaction, status);
    this.outcomes = outcomes;
    this.now = now;
  }

  /**
   * @return what each of them meant, by its event id
   */
  Map<String, ReportResult> record(List<ReceivedBuildState> arrivals) {
    CommitStatusRecord row = lock(arrivals.getFirst().record().eventId());
    Set<String> changed = new HashSet<>();
    Map<String, ReportResult> results = new HashMap<>();
    for (ReceivedBuildState arrival : arrivals) {
      if (reports.add(arrival) || (arrival.isReplay() && reports.replace(arrival))) {
        changed.add(arrival.record().eventId());
      }
      results.put(arrival.record().eventId(), new ReportResult.Repeated());
    }
    if (!changed.isEmpty()) {
      ReportedState wanted = decide(row, changed);
      changed.forEach(event -> results.put(event, meaning(event, wanted)));
    }
    return results;
  }

  private static ReportResult meaning(String event, ReportedState wanted) {
    return event.equals(wanted.eventId())
        ? new ReportResult.Newer()
        : new ReportResult.Superseded();
  }

  /** One statement that makes the row if need be, and locks it either way. */
  private CommitStatusRecord lock(String firstEvent) {
    return transaction
        .insertInto(COMMIT_STATUS)
        .set(COMMIT_STATUS.REPOSITORY_ID, status.repository())
        .set(COMMIT_STATUS.COMMIT_HASH, status.commit())
        .set(COMMIT_STATUS.STATUS_KEY, status.key())
        .set(COMMIT_STATUS.EVENT_ID, firstEvent)
        .set(COMMIT_STATUS.VERSION, 0L)
        .onConflict(COMMIT_STATUS.getPrimaryKey().getFields())
        .doUpdate()
        .set(COMMIT_STATUS.VERSION, COMMIT_STATUS.VERSION)
        .returning()
        .fetchSingle();
  }

  private ReportedState decide(CommitStatusRecord row, Set<String> changed) {
    List<ReportRecord> contenders = reports.contending();
    List<ReportedState> known = contenders.stream().map(ReportedStates::report).toList();
    ReportedState wanted = BuildOrder.wanted(known);
    long version = row.getVersion();
    if (changed.contains(wanted.eventId()) || !wanted.eventId().equals(row.getEventId())) {
      version++;
      want(wanted.eventId(), version);
    }
    for (ReportRecord contender : contenders) {
      if (!contender.getSettled() && !contender.getEventId().equals(wanted.eventId())) {
        supersede(contender, wanted, version);
      }
    }
    Set<ReportedState> stillContending = BuildOrder.contending(known);
    reports.retire(
        known.stream()
            .filter(report -> !stillContending.contains(report))
            .map(ReportedState::eventId)
            .toList());
    return wanted;
  }

  /**
   * Due now, unless it has a time already: then a request is on its way or may yet land, or
   * Bitbucket is to be left alone, and the newest state goes out when that is over.
   */
  private void want(String event, long version) {
    transaction
        .update(COMMIT_STATUS)
        .set(COMMIT_STATUS.EVENT_ID, event)
        .set(COMMIT_STATUS.VERSION, version)
        .set(COMMIT_STATUS.DUE_AT, DSL.coalesce(COMMIT_STATUS.DUE_AT, DSL.val(now)))
        .set(COMMIT_STATUS.ATTEMPTS, 0)
        .setNull(COMMIT_STATUS.WAITING_FOR)
        .setNull(COMMIT_STATUS.LAST_REASON)
        .where(status.row())
        .execute();
    reports.unsettle(event);
  }

  private void supersede(ReportRecord report, ReportedState wanted, long version) {
    reports.settle(report.getEventId());
    outcomes.superseded(
        transaction,
        new Subject(
            repository,
            status.commit(),
            status.key(),
            report.getEventId(),
            version,
            Traceparent.continued(report.getTraceparent())),
        report.getNumber().equals(wanted.number())
            ? "a newer state of the build is known"
            : "a later build has this status");
  }
}
