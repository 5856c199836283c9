package sh.cinch.ingress.readmodel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.database.ingress.tables.records.PushRecord;
import sh.cinch.ingress.heads.KnownHeads;
import sh.cinch.ingress.heads.PublishedHead;
import sh.cinch.ingress.readmodel.deadletter.DeadLetterRecorder;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.EventId;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.intake.Recorder;
import sh.cinch.service.kafka.Incoming;

/** Reads each record as its topic's event, and has it written by the recorder of that topic. */
final class TopicRecorder implements Recorder<TopicRecorder.Write> {

  /** What comes of a record. */
  sealed interface Write {

    /** Written with others of its batch: nothing else comes as often. */
    record Push(PushRecord row, Optional<PublishedHead> head) implements Write {}

    record Other(Consumer<DSLContext> writing) implements Write {}
  }

  /** Writes one event; the same record again changes nothing. */
  @FunctionalInterface
  private interface Writing<T> {
    void write(DSLContext transaction, Incoming record, T event);
  }

  static final List<Topic<?>> TOPICS =
      List.of(
          Topic.PUSH,
          Topic.BUILD_STATE,
          Topic.RELEASE_REQUEST,
          Topic.COMMIT_STATUS,
          Topic.RELEASE,
          Topic.CREDENTIAL,
          Topic.DEAD_LETTER);

  /** Nobody sees that something is shown so much later. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final Logger log = LoggerFactory.getLogger(TopicRecorder.class);

  private final DeadLetters deadLetters;
  private final Map<String, Function<Incoming, Write>> byTopic;

  TopicRecorder(DeadLetters deadLetters, ReleaseRecorder releases) {
    this.deadLetters = deadLetters;
    this.byTopic =
        Map.of(
            Topic.PUSH.name(),
            this::push,
            Topic.BUILD_STATE.name(),
            runners(BuildState.class, StatusRecorder::reported),
            Topic.RELEASE_REQUEST.name(),
            runners(ReleaseRequest.class, releases::requested),
            Topic.COMMIT_STATUS.name(),
            orTombstone(ours(CommitStatusEvent.class, StatusRecorder::shown)),
            Topic.RELEASE.name(),
            ours(ReleaseEvent.class, releases::shown),
            Topic.CREDENTIAL.name(),
            ours(CredentialEvent.class, CredentialRecorder::record),
            Topic.DEAD_LETTER.name(),
            letter ->
                new Write.Other(transaction -> DeadLetterRecorder.record(transaction, letter)));
  }

  private Write push(Incoming record) {
    return switch (EventJson.read(record.value(), PushEvent.class)) {
      case Reading.Good<PushEvent>(PushEvent push) ->
          new Write.Push(PushRecorder.row(record, push), PublishedHead.of(record, push));
      case Reading.Bad<PushEvent>(String reason) ->
          new Write.Other(transaction -> deadLetters.put(transaction, record, reason));
    };
  }

  private <T> Function<Incoming, Write> ours(Class<T> type, Writing<T> writing) {
    return reading(type, writing, deadLetters::put);
  }

  /** The workers read these as well, and make the dead letters. */
  private static <T> Function<Incoming, Write> runners(Class<T> type, Writing<T> writing) {
    return reading(
        type,
        (transaction, record, event) ->
            EventId.objection(record.eventId())
                .ifPresentOrElse(
                    reason -> ignore(transaction, record, reason),
                    () -> writing.write(transaction, record, event)),
        TopicRecorder::ignore);
  }

  private Function<Incoming, Write> orTombstone(Function<Incoming, Write> event) {
    return record ->
        record.value() != null
            ? event.apply(record)
            : new Write.Other(transaction -> gone(transaction, record));
  }

  private void gone(DSLContext transaction, Incoming record) {
    StatusId.of(record)
        .ifPresentOrElse(
            status -> StatusRecorder.gone(transaction, status),
            () -> deadLetters.put(transaction, record, "the key of this record names no status"));
  }

  private static <T> Function<Incoming, Write> reading(
      Class<T> type, Writing<T> writing, Writing<String> refusing) {
    return record ->
        switch (EventJson.read(record.value(), type)) {
          case Reading.Good<T>(T event) ->
              new Write.Other(transaction -> writing.write(transaction, record, event));
          case Reading.Bad<T>(String reason) ->
              new Write.Other(transaction -> refusing.write(transaction, record, reason));
        };
  }

  private static void ignore(DSLContext transaction, Incoming record, String reason) {
    log.debug("not shown: record={} reason=\"{}\"", record, reason);
  }

  @Override
  public Write read(Incoming record) {
    return Objects.requireNonNull(byTopic.get(record.topic())).apply(record);
  }

  @Override
  public Duration pause() {
    return PAUSE;
  }

  @Override
  public void record(DSLContext transaction, List<Write> batch) {
    List<PushRecord> pushes = new ArrayList<>();
    List<PublishedHead> heads = new ArrayList<>();
    for (Write write : batch) {
      switch (write) {
        case Write.Push(PushRecord row, Optional<PublishedHead> head) -> {
          pushes.add(row);
          head.ifPresent(heads::add);
        }
        case Write.Other(Consumer<DSLContext> writing) -> writing.accept(transaction);
      }
    }
    PushRecorder.record(transaction, pushes);
    KnownHeads.record(transaction, heads);
  }
}
