package sh.cinch.schema.topic;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.ReleaseRequest;

/**
 * A topic of the contract.
 *
 * @param type the CloudEvents type of what it carries
 * @param event the record of one event; {@code byte[]} where it carries others' records as they
 *     came
 * @param partitions at creation; an operator may raise it before the first record, not after
 * @param kept how its records are kept
 */
public record Topic<T>(String name, String type, Class<T> event, int partitions, Kept kept) {

  /** How long records are kept: longer than the longest outage an operator plans for. */
  public enum Kept {
    FOR_TWO_WEEKS(Duration.ofDays(14)),
    FOR_NINETY_DAYS(Duration.ofDays(90)),
    /** The newest record of each key, for ever. */
    NEWEST_OF_EACH_KEY("compact", Duration.ofMillis(-1)),
    /** The same, but none that has not changed for so long. */
    NEWEST_FOR_THIRTY_DAYS("compact,delete", Duration.ofDays(30)),
    NEWEST_FOR_NINETY_DAYS("compact,delete", Duration.ofDays(90));

    private final String cleanup;
    private final Duration retention;

    Kept(Duration retention) {
      this("delete", retention);
    }

    Kept(String cleanup, Duration retention) {
      this.cleanup = cleanup;
      this.retention = retention;
    }
  }

  private static final int PARTITIONS = 6;

  public static final Topic<PushEvent> PUSH = topic("push", PushEvent.class, Kept.FOR_TWO_WEEKS);
  public static final Topic<BuildState> BUILD_STATE =
      topic("build-state", BuildState.class, Kept.FOR_TWO_WEEKS);
  public static final Topic<ReleaseRequest> RELEASE_REQUEST =
      topic("release-request", ReleaseRequest.class, Kept.FOR_TWO_WEEKS);
  public static final Topic<Outcome> OUTCOME = topic("outcome", Outcome.class, Kept.FOR_TWO_WEEKS);
  public static final Topic<CommitStatusEvent> COMMIT_STATUS =
      topic("commit-status", CommitStatusEvent.class, Kept.NEWEST_FOR_THIRTY_DAYS);
  public static final Topic<ReleaseEvent> RELEASE =
      topic("release", ReleaseEvent.class, Kept.NEWEST_FOR_NINETY_DAYS);
  public static final Topic<ConnectionEvent> CONNECTION =
      topic("connection", ConnectionEvent.class, Kept.NEWEST_OF_EACH_KEY);
  public static final Topic<CredentialEvent> CREDENTIAL =
      topic("credential", CredentialEvent.class, Kept.NEWEST_OF_EACH_KEY);
  public static final Topic<byte[]> DEAD_LETTER =
      topic("dead-letter", byte[].class, Kept.FOR_NINETY_DAYS);

  public static final List<Topic<?>> ALL =
      List.of(
          PUSH,
          BUILD_STATE,
          RELEASE_REQUEST,
          OUTCOME,
          COMMIT_STATUS,
          RELEASE,
          CONNECTION,
          CREDENTIAL,
          DEAD_LETTER);

  private static <T> Topic<T> topic(String word, Class<T> event, Kept kept) {
    return new Topic<>("cinch." + word + ".v1", "sh.cinch." + word, event, PARTITIONS, kept);
  }

  /** The one of this name; empty where the contract has none. */
  public static Optional<Topic<?>> named(String name) {
    return ALL.stream().filter(topic -> topic.name().equals(name)).findFirst();
  }

  /** For how long a record stays; negative where that has no end. */
  public Duration retention() {
    return kept.retention;
  }

  /** Whether it says how things stand now, so that an old record has no business on it. */
  public boolean isCompacted() {
    return kept.cleanup.contains("compact");
  }

  /**
   * What the topic must be set to, as Kafka names it. The broker's own time is on every record, so
   * that no runner's clock can order builds.
   */
  public Map<String, String> settings() {
    return Map.of(
        "cleanup.policy",
        kept.cleanup,
        "retention.ms",
        String.valueOf(kept.retention.toMillis()),
        "message.timestamp.type",
        "LogAppendTime");
  }
}
