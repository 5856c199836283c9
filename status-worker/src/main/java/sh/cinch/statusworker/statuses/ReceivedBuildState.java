package sh.cinch.statusworker.statuses;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.trace.Traceparent;

/** A build state of a repository that Cinch serves, with the record it came in. */
public record ReceivedBuildState(Repository repository, BuildState build, Incoming record) {

  private static final Duration CLOCKS_MAY_DIFFER = Duration.ofMinutes(5);

  CommitKey key() {
    return new CommitKey(repository.id(), build.commit(), build.key());
  }

  ReportedState report() {
    return new ReportedState(
        record.eventId(),
        Objects.requireNonNullElse(build.ref(), ""),
        Objects.requireNonNullElse(build.number(), ""),
        build.sequence(),
        occurredAt(),
        build.state().isFinal(),
        record.partition(),
        record.offset());
  }

  boolean isReplay() {
    return record.isReplay();
  }

  Traceparent trace() {
    return record.trace();
  }

  /**
   * A clock that runs ahead would otherwise hold the status until time caught up with it; and its
   * replay counts as when it came first.
   */
  private Instant occurredAt() {
    Instant said = build.occurredAt();
    Instant taken = record.takenAt();
    Instant at = said.isAfter(taken.plus(CLOCKS_MAY_DIFFER)) ? taken : said;
    // As the database keeps it, so that it compares there as it does here.
    return at.truncatedTo(ChronoUnit.MICROS);
  }
}
