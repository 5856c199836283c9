package sh.cinch.releaseworker.releases;

import java.util.Optional;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.release.DownloadNames;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.trace.Traceparent;

/**
 * A request as it came.
 *
 * @param names of its files; empty where they cannot be had
 * @param objection why none of it can be sent
 */
public record ReceivedRelease(
    Incoming record,
    Repository repository,
    ReleaseRequest request,
    Optional<DownloadNames> names,
    Optional<String> objection) {

  public ReceivedRelease refused(String reason) {
    return new ReceivedRelease(record, repository, request, names, Optional.of(reason));
  }

  boolean isReplay() {
    return record.isReplay();
  }

  Traceparent trace() {
    return record.trace();
  }
}
