package sh.cinch.releaseworker.releases;

import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.release.DownloadNames;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.trace.Traceparent;

/**
 * A request that can be carried out.
 *
 * @param names of its files, none of which clash
 */
public record ReceivedRelease(
    Repository repository, ReleaseRequest request, DownloadNames names, Incoming record) {

  boolean isReplay() {
    return record.isReplay();
  }

  Traceparent trace() {
    return record.trace();
  }
}
