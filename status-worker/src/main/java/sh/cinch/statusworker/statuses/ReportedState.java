package sh.cinch.statusworker.statuses;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * As much of a record as decides which one a status shows.
 *
 * @param ref empty where the runner gave none
 * @param number tells builds apart; empty where the runner gave none
 * @param occurredAt never later than the broker could know
 * @param isFinal whether the build is over
 * @param partition where the record lies
 * @param offset where the record lies
 */
record ReportedState(
    String eventId,
    String ref,
    String number,
    @Nullable Long sequence,
    Instant occurredAt,
    boolean isFinal,
    int partition,
    long offset) {}
