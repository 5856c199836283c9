package sh.cinch.service.kafka;

import java.util.Set;

/** The headers that a dead letter has beside its original's own. */
public final class DeadLetterHeaders {

  public static final String TOPIC = "cinch-dlq-topic";
  public static final String PARTITION = "cinch-dlq-partition";
  public static final String OFFSET = "cinch-dlq-offset";
  public static final String CONSUMER = "cinch-dlq-consumer";
  public static final String REASON = "cinch-dlq-reason";
  public static final String AT = "cinch-dlq-at";

  /** When the broker took the original first: a replay has it of what it replays. */
  public static final String TAKEN = "cinch-dlq-taken";

  /** Names what there was no room for, of {@code key}, {@code headers} and {@code value}. */
  public static final String CUT = "cinch-dlq-cut";

  public static final Set<String> ALL =
      Set.of(TOPIC, PARTITION, OFFSET, CONSUMER, REASON, AT, TAKEN, CUT);

  private DeadLetterHeaders() {}
}
