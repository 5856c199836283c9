package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.COMMIT_STATUS;
import static sh.cinch.database.status_worker.Tables.REPORT;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.CommitStatusRecord;
import sh.cinch.database.status_worker.tables.records.ReportRecord;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;

/**
 * A status of release 0.1.0, which has one for each key, whatever the ref. It is moved over under
 * its row's lock, and marked, so that no instance of that release claims it any more; what such an
 * instance still records of it is moved over as well. Goes with its tables one release later.
 *
 * @param row as it was
 * @param added events that were not moved over before
 */
record FormerStatus(CommitStatusRecord row, List<String> added) {

  private static final Logger log = LoggerFactory.getLogger(FormerStatus.class);

  /** Never due for an instance of release 0.1.0, which keeps a time that is there. */
  private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

  private static final Condition UNMOVED =
      COMMIT_STATUS.MOVED_VERSION.isDistinctFrom(COMMIT_STATUS.VERSION);

  /** Of those that are to be moved over, some; what is due first. */
  static List<CommitKey> keys(DSLContext sql, int limit) {
    return sql.selectFrom(COMMIT_STATUS)
        .where(UNMOVED)
        .orderBy(COMMIT_STATUS.DUE_AT.asc().nullsLast())
        .limit(limit)
        .fetch(
            row -> new CommitKey(row.getRepositoryId(), row.getCommitHash(), row.getStatusKey()));
  }

  /** Empty where the key has none, or nothing new. The caller holds the key's lock. */
  static Optional<FormerStatus> move(DSLContext transaction, CommitKey key) {
    Condition mine = status(key);
    return transaction
        .selectFrom(COMMIT_STATUS)
        .where(mine)
        .and(UNMOVED)
        .forUpdate()
        .fetchOptional()
        .map(
            row -> {
              transaction
                  .update(COMMIT_STATUS)
                  .set(COMMIT_STATUS.MOVED_VERSION, COMMIT_STATUS.VERSION)
                  .set(COMMIT_STATUS.DUE_AT, NEVER)
                  // Whoever is posting it finds that it is no longer theirs.
                  .set(COMMIT_STATUS.CLAIM, COMMIT_STATUS.CLAIM.plus(1))
                  .where(mine)
                  .execute();
              return new FormerStatus(row, reports(transaction, key));
            });
  }

  /**
   * What was moved over is forgotten. The caller holds the key's lock.
   *
   * @return false where something was not moved over yet: then nothing changed
   */
  static boolean delete(DSLContext transaction, CommitKey key) {
    if (transaction.deleteFrom(COMMIT_STATUS).where(status(key)).andNot(UNMOVED).execute() == 1) {
      transaction.deleteFrom(REPORT).where(reports(key)).execute();
      return true;
    }
    return !transaction.fetchExists(COMMIT_STATUS, status(key));
  }

  private static Condition status(CommitKey key) {
    return COMMIT_STATUS
        .REPOSITORY_ID
        .eq(key.repository())
        .and(COMMIT_STATUS.COMMIT_HASH.eq(key.commit()))
        .and(COMMIT_STATUS.STATUS_KEY.eq(key.key()));
  }

  private static Condition reports(CommitKey key) {
    return REPORT
        .REPOSITORY_ID
        .eq(key.repository())
        .and(REPORT.COMMIT_HASH.eq(key.commit()))
        .and(REPORT.STATUS_KEY.eq(key.key()));
  }

  private static List<String> reports(DSLContext transaction, CommitKey key) {
    return transaction.selectFrom(REPORT).where(reports(key)).fetch().stream()
        .map(FormerStatus::report)
        .filter(
            report ->
                transaction
                        .insertInto(BUILD_REPORT)
                        .set(report)
                        .onConflict(BUILD_REPORT.getPrimaryKey().getFields())
                        .doUpdate()
                        .set(report)
                        // A replay took its place.
                        .where(BUILD_REPORT.RECORD_OFFSET.ne(report.getRecordOffset()))
                        .and(BUILD_REPORT.RECORDED_AT.lt(report.getRecordedAt()))
                        .execute()
                    == 1)
        .map(BuildReportRecord::getEventId)
        .toList();
  }

  private static BuildReportRecord report(ReportRecord former) {
    BuildReportRecord report = new BuildReportRecord();
    report.from(former);
    report.setRef("");
    report.touched(true);
    if (!former.getRetired()) {
      switch (EventJson.read(former.getRecordValue(), BuildState.class)) {
        case Reading.Good<BuildState>(BuildState build) ->
            report.setRef(Objects.requireNonNullElse(build.ref(), ""));
        case Reading.Bad<BuildState>(String reason) -> {
          log.warn("not wanted any more, event={}: {}", former.getEventId(), reason);
          report.setRetired(true);
        }
      }
    }
    return report;
  }

  boolean isWanted(ReportedState report) {
    return report.eventId().equals(row.getEventId());
  }

  /** Its instances post what nobody has marked, and end what they had begun before. */
  boolean mayHaveBeenPosted() {
    return added.isEmpty() || (row.getMovedVersion() == null && row.getClaim() > 0);
  }
}
