package sh.cinch.releaseworker.releases;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
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

    /** The words of those that are to become others by themselves. */
    static final List<String> UNDER_WAY = List.of(REQUESTED.word(), SENDING.word());

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
    return Incoming.kept(
        Topic.RELEASE_REQUEST,
        row.getRecordPartition(),
        row.getRecordOffset(),
        row.getRecordedAt(),
        row.getRecordKey(),
        row.getRecordValue(),
        StoredHeaders.load(row.getRecordHeaders()));
  }
}
