package sh.cinch.statusworker.statuses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static sh.cinch.service.text.EnumWord.constant;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.CommitStatusEvent.Shown;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.statusworker.outcome.Subject;
import sh.cinch.statusworker.pushes.Origin;

/** Publishes how statuses stand, with the transaction that changes it. */
public final class StatusStates {

  private static final URI SOURCE = URI.create("/cinch/status-worker");

  private final Outbox outbox;

  public StatusStates(Outbox outbox) {
    this.outbox = outbox;
  }

  /** What state and outcome of a status' report have in common. */
  static Subject subject(
      Repository repository,
      StatusRecord row,
      String event,
      BuildState build,
      Origin origin,
      Traceparent trace) {
    return new Subject(
        repository,
        build,
        row.getRef().isEmpty() ? null : row.getRef(),
        row.getShownKey(),
        origin,
        event,
        row.getWantedVersion(),
        trace);
  }

  /**
   * @param row as it is now, with its new version
   * @param wanted the report that is wanted
   */
  void publish(DSLContext transaction, StatusRecord row, Subject wanted) {
    BuildState build = wanted.build();
    String key = key(row, row.getRef());
    Progress progress = constant(Progress.class, row.getProgress());
    outbox.add(
        transaction,
        new Event<>(
            Topic.COMMIT_STATUS,
            key,
            key + ":" + row.getVersion(),
            SOURCE,
            row.getCommitHash(),
            row.getChangedAt(),
            wanted.trace().child(),
            new CommitStatusEvent(
                wanted.repository(),
                row.getCommitHash(),
                row.getStatusKey(),
                wanted.ref(),
                row.getVersion(),
                build.number(),
                build.name(),
                build.description(),
                build.url(),
                build.state(),
                row.getWantedSince(),
                shown(row),
                progress,
                waitingFor(row).orElse(null),
                progress == Progress.WAITING ? row.getDueAt() : null,
                row.getHttpStatus(),
                row.getAttempts(),
                row.getReason(),
                List.of(row.getWarnings()),
                wanted.origin().deliveryId(),
                wanted.origin().pushId(),
                wanted.eventId(),
                row.getChangedAt())));
  }

  /** The status without a ref is no more: it has one now. */
  void forget(DSLContext transaction, StatusRecord row) {
    outbox.add(
        transaction,
        new ProducerRecord<>(Topic.COMMIT_STATUS.name(), key(row, "").getBytes(UTF_8), null));
  }

  static Optional<WaitingFor> waitingFor(StatusRecord row) {
    return Optional.ofNullable(row.getWaitingFor()).map(word -> constant(WaitingFor.class, word));
  }

  private static @Nullable Shown shown(StatusRecord row) {
    Instant at = row.getShownAt();
    return at == null
        ? null
        : new Shown(row.getShownKey(), row.getShownState(), row.getShownAccount(), at);
  }

  private static String key(StatusRecord row, String ref) {
    return "%s:%s:%s:%s"
        .formatted(row.getRepositoryId(), row.getCommitHash(), row.getStatusKey(), ref);
  }
}
