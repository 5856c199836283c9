package sh.cinch.statusworker.statuses;

import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.STATUS;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import sh.cinch.database.status_worker.tables.BuildReport;
import sh.cinch.service.database.Database;
import sh.cinch.service.retention.Retention;

/**
 * Deletes all statuses of a key with all their reports, once nothing of them was heard or done for
 * long. All or none: which status a report is of follows from the whole set.
 */
public final class OldStatuses implements Retention.Batch {

  private final InstantSource clock;

  public OldStatuses(InstantSource clock) {
    this.clock = clock;
  }

  /** Each key in a transaction of its own, so that a report which comes now waits for one key. */
  @Override
  public int delete(Database database, Instant before, int most) {
    int deleted = 0;
    for (CommitKey key : find(database.sql(), before, most)) {
      deleted += database.transaction(transaction -> delete(transaction, key, before));
    }
    return deleted;
  }

  /**
   * Keys of so many reports; by these, since a report may have no status, and no status has none.
   */
  private static Set<CommitKey> find(DSLContext sql, Instant before, int most) {
    BuildReport younger = BUILD_REPORT.as("younger");
    return new LinkedHashSet<>(
        sql.select(BUILD_REPORT.REPOSITORY_ID, BUILD_REPORT.COMMIT_HASH, BUILD_REPORT.STATUS_KEY)
            .from(BUILD_REPORT)
            .where(BUILD_REPORT.RECORDED_AT.lt(before))
            .and(
                notExists(
                    selectOne()
                        .from(younger)
                        .where(younger.REPOSITORY_ID.eq(BUILD_REPORT.REPOSITORY_ID))
                        .and(younger.COMMIT_HASH.eq(BUILD_REPORT.COMMIT_HASH))
                        .and(younger.STATUS_KEY.eq(BUILD_REPORT.STATUS_KEY))
                        .and(younger.RECORDED_AT.ge(before))))
            .and(
                notExists(
                    selectOne()
                        .from(STATUS)
                        .where(STATUS.REPOSITORY_ID.eq(BUILD_REPORT.REPOSITORY_ID))
                        .and(STATUS.COMMIT_HASH.eq(BUILD_REPORT.COMMIT_HASH))
                        .and(STATUS.STATUS_KEY.eq(BUILD_REPORT.STATUS_KEY))
                        .and(isInUse(before))))
            .orderBy(BUILD_REPORT.RECORDED_AT)
            .limit(most)
            .fetch(row -> new CommitKey(row.value1(), row.value2(), row.value3())));
  }

  private static Condition isInUse(Instant before) {
    return STATUS.DUE_AT.isNotNull().or(STATUS.CHANGED_AT.ge(before));
  }

  int delete(DSLContext transaction, CommitKey key, Instant before) {
    StatusRows rows = new StatusRows(transaction, key, clock.instant());
    rows.lock();
    boolean isInUse =
        rows.find().values().stream()
                .anyMatch(row -> row.getDueAt() != null || !row.getChangedAt().isBefore(before))
            || transaction.fetchExists(
                BUILD_REPORT, key.reports().and(BUILD_REPORT.RECORDED_AT.ge(before)))
            || !FormerStatus.delete(transaction, key);
    return isInUse
        ? 0
        : transaction.deleteFrom(STATUS).where(key.statuses()).execute()
            + transaction.deleteFrom(BUILD_REPORT).where(key.reports()).execute();
  }
}
