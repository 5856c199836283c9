package sh.cinch.ingress.web.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.UUID;
import sh.cinch.schema.event.CommitStatusEvent;

/** A commit status as the API shows it: as the status-worker says, the repository by its id. */
record StatusView(
    UUID repositoryId,
    @JsonUnwrapped @JsonIgnoreProperties({"repository", "at"}) CommitStatusEvent status,
    Instant updatedAt) {

  static StatusView of(CommitStatusEvent status) {
    return new StatusView(status.repository().id(), status, status.at());
  }
}
