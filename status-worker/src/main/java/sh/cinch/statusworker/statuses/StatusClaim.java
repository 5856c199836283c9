package sh.cinch.statusworker.statuses;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import sh.cinch.database.status_worker.tables.records.StatusRecord;

/** A status that is this instance's to post, until {@link #until}. */
public final class StatusClaim {

  private final StatusRecord row;
  private final DesiredStatus desired;
  private final Optional<UUID> begunWith;

  StatusClaim(StatusRecord row, DesiredStatus desired) {
    this(row, desired, Optional.empty());
  }

  private StatusClaim(StatusRecord row, DesiredStatus desired, Optional<UUID> begunWith) {
    this.row = row;
    this.desired = desired;
    this.begunWith = begunWith;
  }

  StatusClaim begunWith(UUID credential) {
    return new StatusClaim(row, desired, Optional.of(credential));
  }

  /** The same of the status as it is by now. */
  StatusClaim at(StatusRecord moved) {
    return new StatusClaim(moved, desired.at(StatusId.of(moved)), begunWith);
  }

  public StatusId status() {
    return StatusId.of(row);
  }

  /** The credential that wrote it last, or may have; empty where that is not known. */
  public Optional<UUID> postedBy() {
    return Optional.ofNullable(row.getPostedBy());
  }

  /** Those that may alone change what is shown, if another does not: the likeliest first. */
  public List<UUID> writersOtherThan(UUID credential) {
    return Stream.of(row.getPostedBy(), row.getPerhapsBy())
        .filter(Objects::nonNull)
        .filter(writer -> !writer.equals(credential))
        .distinct()
        .toList();
  }

  /** What was wanted when it was claimed. */
  public DesiredStatus desired() {
    return desired;
  }

  /** The credential that is written down for its first request; empty where none is. */
  public Optional<UUID> begunWith() {
    return begunWith;
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
