package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.COMMIT_STATUS;
import static sh.cinch.database.status_worker.Tables.REPORT;

import java.util.Comparator;
import java.util.UUID;
import org.jooq.Condition;

/**
 * One status on a commit: a row of the board.
 *
 * @param key whole, as the runner gave it
 */
public record StatusId(UUID repository, String commit, String key) implements Comparable<StatusId> {

  private static final Comparator<StatusId> ORDER =
      Comparator.comparing(StatusId::repository)
          .thenComparing(StatusId::commit)
          .thenComparing(StatusId::key);

  @Override
  public int compareTo(StatusId other) {
    return ORDER.compare(this, other);
  }

  /** Its row. */
  Condition row() {
    return COMMIT_STATUS
        .REPOSITORY_ID
        .eq(repository)
        .and(COMMIT_STATUS.COMMIT_HASH.eq(commit))
        .and(COMMIT_STATUS.STATUS_KEY.eq(key));
  }

  /** Its reports. */
  Condition reports() {
    return REPORT
        .REPOSITORY_ID
        .eq(repository)
        .and(REPORT.COMMIT_HASH.eq(commit))
        .and(REPORT.STATUS_KEY.eq(key));
  }
}
