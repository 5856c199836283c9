package sh.cinch.releaseworker.releases;

import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static sh.cinch.database.release_worker.Tables.DOWNLOAD;
import static sh.cinch.database.release_worker.Tables.RELEASE;
import static sh.cinch.database.release_worker.Tables.RELEASE_FILE;

import java.time.Instant;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import sh.cinch.service.database.Database;
import sh.cinch.service.retention.Retention;

/**
 * Deletes releases that have ended, with what they know of their downloads. Not while a release of
 * the repository is under way: which file is newer is known by these rows alone.
 */
public final class OldReleases implements Retention.Batch {

  /** Nothing is to be sent there, and nothing that was begun may lie there. */
  private static final Condition IS_QUIET =
      DOWNLOAD.DUE_AT.isNull().and(DOWNLOAD.BEGUN_SHA256.isNull()).and(DOWNLOAD.DOOMED.isNull());

  @Override
  public int delete(Database database, Instant before, int most) {
    return database.transaction(transaction -> delete(transaction, before, most));
  }

  /** Passes over whatever is locked, since others lock a download before its release. */
  private static int delete(DSLContext transaction, Instant before, int most) {
    List<String> old = lock(transaction, before, most);
    Retention.delete(
        transaction,
        DOWNLOAD,
        DSL.select(DOWNLOAD.REPOSITORY_ID, DOWNLOAD.NAME)
            .from(DOWNLOAD)
            .where(DOWNLOAD.RELEASE_ID.in(old))
            .and(IS_QUIET)
            .forUpdate()
            .skipLocked());
    List<String> gone =
        transaction
            .select(RELEASE.ID)
            .from(RELEASE)
            .where(RELEASE.ID.in(old))
            .and(notExists(selectOne().from(DOWNLOAD).where(DOWNLOAD.RELEASE_ID.eq(RELEASE.ID))))
            .fetch(RELEASE.ID);
    transaction.deleteFrom(RELEASE_FILE).where(RELEASE_FILE.RELEASE_ID.in(gone)).execute();
    return transaction.deleteFrom(RELEASE).where(RELEASE.ID.in(gone)).execute();
  }

  private static List<String> lock(DSLContext transaction, Instant before, int most) {
    var underWay = RELEASE.as("under_way");
    return transaction
        .select(RELEASE.ID)
        .from(RELEASE)
        .where(RELEASE.RECORDED_AT.lt(before))
        .and(RELEASE.DUE_AT.isNull())
        .andNot(ReleaseStates.UNPUBLISHED)
        .andNotExists(
            selectOne()
                .from(underWay)
                .where(underWay.REPOSITORY_ID.eq(RELEASE.REPOSITORY_ID))
                .and(underWay.STATE.in(Release.State.UNDER_WAY)))
        .andNotExists(
            selectOne().from(DOWNLOAD).where(DOWNLOAD.RELEASE_ID.eq(RELEASE.ID)).andNot(IS_QUIET))
        .orderBy(RELEASE.RECORDED_AT, RELEASE.RECORD_OFFSET)
        .limit(most)
        .forUpdate()
        .skipLocked()
        .fetch(RELEASE.ID);
  }
}
