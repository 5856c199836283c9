package sh.cinch.statusworker.statuses;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.database.status_worker.tables.records.StatusRecord;

/** A status that is this instance's to post, until {@link #until}. */
public final class StatusClaim {

  private final StatusRecord row;

  StatusClaim(StatusRecord row) {
    this.row = row;
  }

  public StatusId status() {
    return StatusId.of(row);
  }

  /** The credential that wrote it last, or may have; empty where that is not known. */
  public Optional<UUID> postedBy() {
    return Optional.ofNullable(row.getPostedBy());
  }

  /** Afterwards the status is anybody's. */
  public Instant until() {
    return row.getDueAt();
  }

  /** Whether what was wanted then ends a build. */
  public boolean isFinal() {
    return row.getIsFinal();
  }

  StatusRecord row() {
    return row;
  }

  /** For the log. */
  @Override
  public String toString() {
    return "repository=%s commit=%s".formatted(row.getRepositoryId(), row.getCommitHash());
  }
}
