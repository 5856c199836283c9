package sh.cinch.statusworker.statuses;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;

/** A status that is this instance's to post, until {@link #until}. */
public final class StatusClaim {

  private static final Logger log = LoggerFactory.getLogger(StatusClaim.class);

  private final StatusRecord row;
  private final DesiredStatus desired;
  private final Optional<UUID> begunWith;

  private StatusClaim(StatusRecord row, DesiredStatus desired, Optional<UUID> begunWith) {
    this.row = row;
    this.desired = desired;
    this.begunWith = begunWith;
  }

  /** One that says nothing usable holds up no other; it is tried again after its claim. */
  static Optional<StatusClaim> of(StatusRecord row, @Nullable BuildReportRecord report) {
    try {
      BuildReportRecord wanted = Objects.requireNonNull(report, "its report is gone");
      return Optional.of(new StatusClaim(row, DesiredStatus.of(row, wanted), Optional.empty()));
    } catch (RuntimeException e) {
      log.warn("cannot read what is wanted: {}", StatusId.of(row), e);
      return Optional.empty();
    }
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
