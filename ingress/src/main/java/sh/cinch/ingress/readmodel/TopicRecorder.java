package sh.cinch.ingress.readmodel;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.intake.Recorder;
import sh.cinch.service.kafka.Incoming;

/** Reads each record as its topic's event, and has it written by the recorder of that topic. */
final class TopicRecorder implements Recorder<Consumer<DSLContext>> {

  /** Writes one event; the same record again changes nothing. */
  @FunctionalInterface
  private interface Writing<T> {
    void write(DSLContext transaction, Incoming record, T event);
  }

  static final List<Topic<?>> TOPICS =
      List.of(
          Topic.PUSH, Topic.BUILD_STATE, Topic.RELEASE_REQUEST, Topic.OUTCOME, Topic.CREDENTIAL);

  private static final Logger log = LoggerFactory.getLogger(TopicRecorder.class);

  private final Map<String, Function<Incoming, Consumer<DSLContext>>> byTopic;
  private final ReleaseRecorder releases;

  TopicRecorder(DeadLetters deadLetters, ReleaseRecorder releases) {
    this.releases = releases;
    this.byTopic =
        Map.of(
            Topic.PUSH.name(),
            reading(PushEvent.class, PushRecorder::record, deadLetters::put),
            // The workers read these two as well, and make the dead letters.
            Topic.BUILD_STATE.name(),
            reading(BuildState.class, StatusRecorder::reported, TopicRecorder::ignore),
            Topic.RELEASE_REQUEST.name(),
            reading(ReleaseRequest.class, releases::requested, TopicRecorder::ignore),
            Topic.OUTCOME.name(),
            reading(Outcome.class, this::settled, deadLetters::put),
            Topic.CREDENTIAL.name(),
            reading(CredentialEvent.class, CredentialRecorder::record, deadLetters::put));
  }

  private static <T> Function<Incoming, Consumer<DSLContext>> reading(
      Class<T> type, Writing<T> writing, Writing<String> refusing) {
    return record ->
        switch (EventJson.read(record.value(), type)) {
          case Reading.Good<T>(T event) -> transaction -> writing.write(transaction, record, event);
          case Reading.Bad<T>(String reason) ->
              transaction -> refusing.write(transaction, record, reason);
        };
  }

  private static void ignore(DSLContext transaction, Incoming record, String reason) {
    log.debug("not shown: record={} reason=\"{}\"", record, reason);
  }

  private void settled(DSLContext transaction, Incoming record, Outcome outcome) {
    switch (outcome.kind()) {
      case STATUS -> StatusRecorder.settled(transaction, record, outcome);
      case RELEASE -> releases.settled(transaction, record, outcome);
      case RELEASE_FILE -> releases.fileSettled(transaction, record, outcome);
    }
  }

  @Override
  public Consumer<DSLContext> read(Incoming record) {
    return Objects.requireNonNull(byTopic.get(record.topic())).apply(record);
  }

  @Override
  public void record(DSLContext transaction, List<Consumer<DSLContext>> batch) {
    batch.forEach(write -> write.accept(transaction));
  }
}
