package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.STATUS;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.Field;
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
 * @param writer whose request may have changed what the forge shows; empty where none was made, or
 *     none did
 */
public record StatusAttempt(
    StatusClaim claim,
    DesiredStatus desired,
    Repository repository,
    List<ForgeRequest> made,
    Optional<UUID> writer) {

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
  Map<Field<?>, Object> written() {
    Map<Field<?>, Object> written = new HashMap<>();
    // Who was to make the first request has made none that counts: the next may be anybody's.
    if (writer.isPresent() || claim.postedBy().isEmpty()) {
      written.put(STATUS.POSTED_BY, writer.orElse(null));
    }
    return written;
  }

  /** What it changes whichever way it ended; the rest is as before any attempt. */
  Map<Field<?>, Object> changes(Progress progress, OptionalInt httpStatus) {
    Map<Field<?>, Object> changes = new HashMap<>();
    changes.put(STATUS.PROGRESS, EnumWord.word(progress));
    changes.put(STATUS.HTTP_STATUS, httpStatus.isPresent() ? httpStatus.getAsInt() : null);
    changes.put(STATUS.ATTEMPTS, attempts());
    changes.put(STATUS.REQUESTS, RequestsJson.write(requests()));
    changes.put(STATUS.WAITING_FOR, null);
    changes.put(STATUS.WAITING_UNTIL, null);
    changes.put(STATUS.REASON, null);
    changes.putAll(written());
    return changes;
  }
}
