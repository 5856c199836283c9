package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.STATUS;

import java.util.Collection;
import java.util.UUID;
import org.jooq.Condition;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.service.database.Given;

/**
 * One status of a commit.
 *
 * @param shownKey the key it has on the forge
 */
public record StatusId(UUID repository, String commit, String shownKey) {

  static StatusId of(StatusRecord row) {
    return new StatusId(row.getRepositoryId(), row.getCommitHash(), row.getShownKey());
  }

  static Given<StatusId> given(Collection<StatusId> some) {
    return new Given<>(some)
        .with(STATUS.REPOSITORY_ID, StatusId::repository)
        .with(STATUS.COMMIT_HASH, StatusId::commit)
        .with(STATUS.SHOWN_KEY, StatusId::shownKey);
  }

  /** Their rows. */
  static Condition rows(Given<?> given) {
    return given.is(STATUS.REPOSITORY_ID, STATUS.COMMIT_HASH, STATUS.SHOWN_KEY);
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
