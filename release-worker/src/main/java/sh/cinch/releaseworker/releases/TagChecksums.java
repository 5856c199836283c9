package sh.cinch.releaseworker.releases;

import static sh.cinch.database.release_worker.Tables.DOWNLOAD;
import static sh.cinch.database.release_worker.Tables.RELEASE;
import static sh.cinch.database.release_worker.Tables.RELEASE_FILE;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * The checksums of a tag. Several jobs may release files of one tag and commit, one after the other
 * or at once: they share one file of checksums, which lists what each of them has delivered, and
 * whichever is sent last lists all.
 */
final class TagChecksums {

  private TagChecksums() {}

  /** As they are now: the files of this release, and what others of its tag have delivered. */
  static Checksums of(DSLContext sql, Release release) {
    Map<String, String> sums = new HashMap<>();
    sql.select(RELEASE_FILE.DOWNLOAD_NAME, RELEASE_FILE.SHA256)
        .from(DOWNLOAD)
        .join(RELEASE_FILE)
        .on(RELEASE_FILE.RELEASE_ID.eq(DOWNLOAD.RELEASE_ID))
        .and(RELEASE_FILE.POSITION.eq(DOWNLOAD.POSITION))
        .join(RELEASE)
        .on(RELEASE.ID.eq(DOWNLOAD.RELEASE_ID))
        .where(DOWNLOAD.REPOSITORY_ID.eq(release.repository()))
        .and(isOfTheTagOf(release))
        .and(RELEASE_FILE.SOURCE.isNotNull())
        .and(RELEASE_FILE.STATE.eq(ReleaseFile.State.DELIVERED.word()))
        .forEach(file -> sums.put(file.value1(), file.value2()));
    sql.select(RELEASE_FILE.DOWNLOAD_NAME, RELEASE_FILE.SHA256)
        .from(RELEASE_FILE)
        .where(RELEASE_FILE.RELEASE_ID.eq(release.id()))
        .and(RELEASE_FILE.SOURCE.isNotNull())
        .forEach(file -> sums.put(file.value1(), file.value2()));
    return Checksums.of(sums);
  }

  /** Whether a release shares its checksums with this one, or is it. */
  static boolean shares(DSLContext sql, String other, Release release) {
    return sql.fetchExists(RELEASE, RELEASE.ID.eq(other).and(isOfTheTagOf(release)));
  }

  /** Those of other releases of the tag that wait for this file, and are listed in it. */
  static List<ReleaseFile> sharing(DSLContext sql, Release release, ReleaseFile file) {
    return waiting(sql, release, file, isOfTheTagOf(release));
  }

  /** Those that wait for the file that stands there, and are not listed in this one. */
  static List<ReleaseFile> strangers(DSLContext sql, Release release, ReleaseFile file) {
    return waiting(sql, release, file, DSL.not(isOfTheTagOf(release)));
  }

  /** A release that waits for nothing else, and has been seen to since. */
  private static List<ReleaseFile> waiting(
      DSLContext sql, Release release, ReleaseFile file, Condition which) {
    var open = RELEASE_FILE.as("open");
    return sql.select(RELEASE_FILE.fields())
        .from(RELEASE_FILE)
        .join(RELEASE)
        .on(RELEASE.ID.eq(RELEASE_FILE.RELEASE_ID))
        .where(RELEASE.REPOSITORY_ID.eq(release.repository()))
        .and(RELEASE.ID.ne(release.id()))
        .and(which)
        .and(RELEASE.STATE.eq(Release.State.SENDING.word()))
        .and(RELEASE.DUE_AT.isNull())
        .and(RELEASE_FILE.SOURCE.isNull())
        .and(RELEASE_FILE.DOWNLOAD_NAME.eq(file.downloadName()))
        .and(RELEASE_FILE.STATE.eq(ReleaseFile.State.OPEN.word()))
        .andNotExists(
            DSL.selectOne()
                .from(open)
                .where(open.RELEASE_ID.eq(RELEASE.ID))
                .and(open.SOURCE.isNotNull())
                .and(open.STATE.eq(ReleaseFile.State.OPEN.word())))
        .fetchInto(RELEASE_FILE)
        .map(ReleaseFile::of);
  }

  private static Condition isOfTheTagOf(Release release) {
    return RELEASE
        .REPOSITORY_ID
        .eq(release.repository())
        .and(RELEASE.TAG.eq(release.tag()))
        .and(RELEASE.COMMIT_HASH.eq(release.commit()));
  }
}
