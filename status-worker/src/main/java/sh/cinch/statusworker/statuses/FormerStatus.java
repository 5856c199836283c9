package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.COMMIT_STATUS;
import static sh.cinch.database.status_worker.Tables.REPORT;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.CommitStatusRecord;
import sh.cinch.database.status_worker.tables.records.ReportRecord;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.service.database.Given;

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
  static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

  /** As its index has it. */
  private static final Condition UNMOVED =
      DSL.condition(
          "{0} is distinct from 'moved over at version ' || {1}",
          COMMIT_STATUS.LAST_REASON, COMMIT_STATUS.VERSION);

  /** Of those that are to be moved over, some; what is due first. */
  static List<CommitKey> keys(DSLContext sql, int limit) {
    return sql.selectFrom(COMMIT_STATUS)
        .where(UNMOVED)
        .orderBy(COMMIT_STATUS.DUE_AT.asc().nullsLast())
        .limit(limit)
        .fetch(
            row -> new CommitKey(row.getRepositoryId(), row.getCommitHash(), row.getStatusKey()));
  }

  /**
   * The mark of a row that was moved over. A column of its own would be in the way of release
   * 0.1.0, which reads columns by their places.
   */
  static String moved(long version) {
    return "moved over at version " + version;
  }

  /**
   * Those of which something is new. A key that has none gets one that is moved over already, or an
   * instance of release 0.1.0 could post what it alone has recorded. The caller holds the keys'
   * locks.
   */
  static Map<CommitKey, FormerStatus> move(DSLContext transaction, List<CommitKey> keys) {
    return lock(transaction, keys).stream()
        .map(row -> new FormerStatus(row, List.of()))
        .filter(status -> !status.isHeld() || status.isTouched())
        .map(status -> status.move(transaction))
        .collect(Collectors.toMap(FormerStatus::key, Function.identity()));
  }

  private FormerStatus move(DSLContext transaction) {
    transaction
        .update(COMMIT_STATUS)
        .set(COMMIT_STATUS.LAST_REASON, moved(row.getVersion()))
        .set(COMMIT_STATUS.DUE_AT, NEVER)
        // Whoever is posting it finds that it is no longer theirs.
        .set(COMMIT_STATUS.CLAIM, COMMIT_STATUS.CLAIM.plus(1))
        .where(status(key()))
        .execute();
    return new FormerStatus(row, reports(transaction, key()));
  }

  private CommitKey key() {
    return new CommitKey(row.getRepositoryId(), row.getCommitHash(), row.getStatusKey());
  }

  /** As release 0.1.0 locks them: one statement that makes the rows if need be. */
  private static List<CommitStatusRecord> lock(DSLContext transaction, List<CommitKey> keys) {
    Given<CommitKey> given =
        new Given<>(keys)
            .with(COMMIT_STATUS.REPOSITORY_ID, CommitKey::repository)
            .with(COMMIT_STATUS.COMMIT_HASH, CommitKey::commit)
            .with(COMMIT_STATUS.STATUS_KEY, CommitKey::key);
    return transaction
        .insertInto(
            COMMIT_STATUS,
            COMMIT_STATUS.REPOSITORY_ID,
            COMMIT_STATUS.COMMIT_HASH,
            COMMIT_STATUS.STATUS_KEY,
            COMMIT_STATUS.EVENT_ID,
            COMMIT_STATUS.VERSION,
            COMMIT_STATUS.LAST_REASON,
            COMMIT_STATUS.DUE_AT)
        .select(
            DSL.select(
                    given.field(COMMIT_STATUS.REPOSITORY_ID),
                    given.field(COMMIT_STATUS.COMMIT_HASH),
                    given.field(COMMIT_STATUS.STATUS_KEY),
                    DSL.val(""),
                    DSL.val(0L),
                    DSL.val(moved(0)),
                    DSL.val(NEVER, COMMIT_STATUS.DUE_AT))
                .from(given.table())
                .orderBy(given.number()))
        .onConflict(COMMIT_STATUS.getPrimaryKey().getFields())
        .doUpdate()
        .set(COMMIT_STATUS.VERSION, COMMIT_STATUS.VERSION)
        .returning()
        .fetch();
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

  static Condition reports(CommitKey key) {
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
      switch (EventJson.readKept(former.getRecordValue())) {
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

  /** No instance of release 0.1.0 posts it. */
  boolean isHeld() {
    return NEVER.equals(row.getDueAt());
  }

  /** Such an instance has been at it since it was moved over, or handed back. */
  boolean isTouched() {
    return !moved(row.getVersion()).equals(row.getLastReason());
  }

  /** Its instances post what is not held, and end what they had begun before. */
  boolean mayHaveBeenPosted() {
    return isTouched() && (added.isEmpty() || (!isHeld() && row.getClaim() > 0));
  }
}
