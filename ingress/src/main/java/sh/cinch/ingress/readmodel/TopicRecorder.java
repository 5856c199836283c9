package sh.cinch.ingress.readmodel;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.DSLContext;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.intake.Recorder;
import sh.cinch.service.kafka.Incoming;

/** Hands each record to whoever writes its topic down. */
final class TopicRecorder implements Recorder {

  /** Writes one record down; the same record again changes nothing. */
  @FunctionalInterface
  interface One {
    void record(DSLContext transaction, Incoming record);
  }

  static final List<Topic<?>> TOPICS =
      List.of(
          Topic.PUSH, Topic.BUILD_STATE, Topic.RELEASE_REQUEST, Topic.OUTCOME, Topic.CREDENTIAL);

  private final Map<String, One> byTopic;

  TopicRecorder(DeadLetters deadLetters, ReleaseRecorder releases) {
    StatusRecorder statuses = new StatusRecorder();
    this.byTopic =
        Map.of(
            Topic.PUSH.name(), new PushRecorder(deadLetters)::record,
            Topic.BUILD_STATE.name(), statuses::reported,
            Topic.RELEASE_REQUEST.name(), releases::requested,
            Topic.OUTCOME.name(), new OutcomeRecorder(deadLetters, statuses, releases)::record,
            Topic.CREDENTIAL.name(), new CredentialRecorder(deadLetters)::record);
  }

  @Override
  public void record(DSLContext transaction, List<Incoming> batch) {
    for (Incoming record : batch) {
      Objects.requireNonNull(byTopic.get(record.topic())).record(transaction, record);
    }
  }
}
