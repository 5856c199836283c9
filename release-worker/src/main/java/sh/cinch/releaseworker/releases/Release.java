package sh.cinch.releaseworker.releases;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import sh.cinch.database.release_worker.tables.records.ReleaseRecord;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.outbox.StoredHeaders;
import sh.cinch.service.trace.Traceparent;

/**
 * A release as it was asked for.
 *
 * @param id {@code ce_id} of the record that asked for it
 * @param round how often it was asked for: a replay is another round of the same release
 * @param warnings for whoever asked for it
 * @param record that asked for it, as it came
 * @param attempts to prepare it so far
 * @param waitingFor what it was last said to wait for
 */
public record Release(
    String id,
    UUID repository,
    String tag,
    String commit,
    State state,
    int round,
    List<String> warnings,
    Incoming record,
    Traceparent trace,
    int attempts,
    Optional<String> waitingFor) {

  /** Long enough for an outage over a weekend; then a person decides. */
  public static final Duration GIVE_UP_AFTER = Duration.ofDays(3);

  /** How it stands. */
  public enum State {
    REQUESTED,
    SENDING,
    DELIVERED,
    SUPERSEDED,
    FAILED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Release of(ReleaseRecord row) {
    return new Release(
        row.getId(),
        row.getRepositoryId(),
        row.getTag(),
        row.getCommitHash(),
        State.valueOf(row.getState().toUpperCase(Locale.ROOT)),
        row.getRound(),
        List.of(row.getWarnings()),
        incoming(row),
        Traceparent.continued(row.getTraceparent()),
        row.getAttempts(),
        Optional.ofNullable(row.getWaitingFor()));
  }

  private static Incoming incoming(ReleaseRecord row) {
    byte[] key = row.getRecordKey();
    byte[] value = row.getRecordValue();
    return new Incoming(
        new ConsumerRecord<>(
            Topic.RELEASE_REQUEST.name(),
            row.getRecordPartition(),
            row.getRecordOffset(),
            row.getRecordedAt().toEpochMilli(),
            TimestampType.LOG_APPEND_TIME,
            key == null ? ConsumerRecord.NULL_SIZE : key.length,
            value == null ? ConsumerRecord.NULL_SIZE : value.length,
            key,
            value,
            StoredHeaders.load(row.getRecordHeaders()),
            Optional.empty()));
  }
}
