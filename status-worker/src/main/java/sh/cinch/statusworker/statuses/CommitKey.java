package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.STATUS;

import java.util.Collection;
import java.util.Comparator;
import java.util.UUID;
import org.jooq.Condition;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.service.database.Given;
import sh.cinch.statusworker.pushes.Origins;

/**
 * What the statuses of all refs share: which of their keys is free, and which of them a report
 * without a ref is of, is decided for all of them together.
 *
 * @param key whole, as the runner gave it
 */
record CommitKey(UUID repository, String commit, String key) implements Comparable<CommitKey> {

  private static final Comparator<CommitKey> ORDER =
      Comparator.comparing(CommitKey::repository)
          .thenComparing(CommitKey::commit)
          .thenComparing(CommitKey::key);

  static CommitKey of(StatusRecord row) {
    return new CommitKey(row.getRepositoryId(), row.getCommitHash(), row.getStatusKey());
  }

  @Override
  public int compareTo(CommitKey other) {
    return ORDER.compare(this, other);
  }

  Origins.Commit ofCommit() {
    return new Origins.Commit(repository, commit);
  }

  static Given<CommitKey> given(Collection<CommitKey> some) {
    return new Given<>(some)
        .with(STATUS.REPOSITORY_ID, CommitKey::repository)
        .with(STATUS.COMMIT_HASH, CommitKey::commit)
        .with(STATUS.STATUS_KEY, CommitKey::key);
  }

  /** Its statuses. */
  Condition statuses() {
    return STATUS
        .REPOSITORY_ID
        .eq(repository)
        .and(STATUS.COMMIT_HASH.eq(commit))
        .and(STATUS.STATUS_KEY.eq(key));
  }

  /** The reports of all of them. */
  Condition reports() {
    return BUILD_REPORT
        .REPOSITORY_ID
        .eq(repository)
        .and(BUILD_REPORT.COMMIT_HASH.eq(commit))
        .and(BUILD_REPORT.STATUS_KEY.eq(key));
  }
}
