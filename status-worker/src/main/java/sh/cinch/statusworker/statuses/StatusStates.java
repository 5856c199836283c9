package sh.cinch.statusworker.statuses;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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
import sh.cinch.statusworker.pushes.Origin;

/** Publishes how statuses stand, with the transaction that changes it. */
public final class StatusStates {

  private static final URI SOURCE = URI.create("/cinch/status-worker");

  private final Outbox outbox;

  public StatusStates(Outbox outbox) {
    this.outbox = outbox;
  }

  /**
   * @param row as it is now, with its new version
   * @param build of the report that is wanted
   */
  void publish(
      DSLContext transaction,
      Repository repository,
      StatusRecord row,
      BuildState build,
      Origin origin,
      Traceparent trace) {
    String key = key(row, row.getRef());
    Progress progress = word(Progress.class, row.getProgress());
    outbox.add(
        transaction,
        new Event<>(
            Topic.COMMIT_STATUS,
            key,
            key + ":" + row.getVersion(),
            SOURCE,
            row.getCommitHash(),
            row.getChangedAt(),
            trace.child(),
            new CommitStatusEvent(
                repository,
                row.getCommitHash(),
                row.getStatusKey(),
                row.getRef().isEmpty() ? null : row.getRef(),
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
                origin.deliveryId(),
                origin.pushId(),
                row.getEventId(),
                row.getChangedAt())));
  }

  /** The status without a ref is no more: it has one now. */
  void forget(DSLContext transaction, StatusRecord row) {
    outbox.add(
        transaction,
        new ProducerRecord<>(Topic.COMMIT_STATUS.name(), key(row, "").getBytes(UTF_8), null));
  }

  static Optional<WaitingFor> waitingFor(StatusRecord row) {
    return Optional.ofNullable(row.getWaitingFor()).map(word -> word(WaitingFor.class, word));
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

  private static <E extends Enum<E>> E word(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** As it stands in the database and in events. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
