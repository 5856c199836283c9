package sh.cinch.statusworker.board;

import java.time.Instant;
import sh.cinch.schema.tables.status_worker.tables.records.CommitStatusRecord;

/** A status that is this instance's to post, until {@link #until}. */
public final class Claim {

  private final CommitStatusRecord row;

  Claim(CommitStatusRecord row) {
    this.row = row;
  }

  public StatusId status() {
    return new StatusId(row.getRepositoryId(), row.getCommitHash(), row.getStatusKey());
  }

  /** Afterwards the status is anybody's. */
  public Instant until() {
    return row.getDueAt();
  }

  CommitStatusRecord row() {
    return row;
  }
}
