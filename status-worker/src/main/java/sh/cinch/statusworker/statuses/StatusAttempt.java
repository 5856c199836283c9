package sh.cinch.statusworker.statuses;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.ForgeRequest;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.text.EnumWord;
import sh.cinch.statusworker.outcome.Detail;

/**
 * An attempt to post a status, ended.
 *
 * @param repository as it is called now
 * @param made requests to post it
 * @param writer whose request has changed what the forge shows, or may have; empty where none was
 *     made, or none did
 * @param isWritten whether it has for certain
 */
public record StatusAttempt(
    StatusClaim claim,
    DesiredStatus desired,
    Repository repository,
    List<ForgeRequest> made,
    Optional<UUID> writer,
    boolean isWritten) {

  private int attempts() {
    return desired.attempts() + made.size();
  }

  private List<ForgeRequest> requests() {
    return RequestsJson.newest(Stream.concat(desired.requests().stream(), made.stream()).toList());
  }

  Detail detail(
      OptionalInt httpStatus,
      Optional<String> reason,
      Optional<Duration> took,
      List<String> warnings) {
    return new Detail(httpStatus, attempts(), reason, took, warnings, requests());
  }

  Detail because(OptionalInt httpStatus, String reason) {
    return detail(httpStatus, Optional.of(reason), Optional.empty(), List.of());
  }

  /** What is so whatever is wanted by now. */
  void write(StatusRecord row) {
    if (isWritten) {
      row.setPostedBy(writer.orElse(null));
      row.setPerhapsBy(null);
    } else if (claim.postedBy().isEmpty()) {
      // Who was to make the first request has made none that counts: the next may be anybody's.
      row.setPostedBy(writer.orElse(null));
    }
  }

  /** What it changes whichever way it ended; the rest is as before any attempt. */
  void write(StatusRecord row, Progress progress, OptionalInt httpStatus) {
    row.setProgress(EnumWord.word(progress));
    row.setHttpStatus(httpStatus.isPresent() ? httpStatus.getAsInt() : null);
    row.setAttempts(attempts());
    row.setRequests(RequestsJson.write(requests()));
    row.setWaitingFor(null);
    row.setWaitingUntil(null);
    row.setReason(null);
    write(row);
  }
}
