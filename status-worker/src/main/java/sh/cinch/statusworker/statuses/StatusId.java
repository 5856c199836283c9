package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.STATUS;

import java.util.UUID;
import org.jooq.Condition;
import sh.cinch.database.status_worker.tables.records.StatusRecord;

/**
 * One status of a commit.
 *
 * @param shownKey the key it has on the forge
 */
public record StatusId(UUID repository, String commit, String shownKey) {

  static StatusId of(StatusRecord row) {
    return new StatusId(row.getRepositoryId(), row.getCommitHash(), row.getShownKey());
  }

  /** Its row. */
  Condition row() {
    return STATUS
        .REPOSITORY_ID
        .eq(repository)
        .and(STATUS.COMMIT_HASH.eq(commit))
        .and(STATUS.SHOWN_KEY.eq(shownKey));
  }
}
