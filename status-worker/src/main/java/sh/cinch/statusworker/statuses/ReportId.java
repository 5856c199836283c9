package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.STATUS;

import java.util.Collection;
import org.jooq.Condition;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.service.database.Given;

/** One report of a key. */
record ReportId(CommitKey key, String event) {

  static ReportId of(BuildReportRecord row) {
    return new ReportId(
        new CommitKey(row.getRepositoryId(), row.getCommitHash(), row.getStatusKey()),
        row.getEventId());
  }

  /** The report that a status wants. */
  static ReportId wantedBy(StatusRecord row) {
    return new ReportId(CommitKey.of(row), row.getEventId());
  }

  /** Whether a report is the one that a status wants, where the tables are joined. */
  static Condition isWanted() {
    return BUILD_REPORT
        .REPOSITORY_ID
        .eq(STATUS.REPOSITORY_ID)
        .and(BUILD_REPORT.COMMIT_HASH.eq(STATUS.COMMIT_HASH))
        .and(BUILD_REPORT.STATUS_KEY.eq(STATUS.STATUS_KEY))
        .and(BUILD_REPORT.EVENT_ID.eq(STATUS.EVENT_ID));
  }

  static Given<ReportId> given(Collection<ReportId> some) {
    return new Given<>(some)
        .with(BUILD_REPORT.REPOSITORY_ID, id -> id.key().repository())
        .with(BUILD_REPORT.COMMIT_HASH, id -> id.key().commit())
        .with(BUILD_REPORT.STATUS_KEY, id -> id.key().key())
        .with(BUILD_REPORT.EVENT_ID, ReportId::event);
  }

  /** Their rows. */
  static Condition rows(Given<ReportId> given) {
    return given.is(
        BUILD_REPORT.REPOSITORY_ID,
        BUILD_REPORT.COMMIT_HASH,
        BUILD_REPORT.STATUS_KEY,
        BUILD_REPORT.EVENT_ID);
  }
}
