package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.greatest;
import static sh.cinch.database.ingress.Tables.COMMIT_STATUS;
import static sh.cinch.ingress.text.EnumWord.word;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jooq.DSLContext;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.Outcome;
import sh.cinch.service.kafka.Incoming;

/**
 * Writes build states and their outcomes, each in its own half of the row: the two come from topics
 * of their own, in any order.
 */
final class StatusRecorder {

  /** A runner's clock that is further ahead than this counts as the broker's. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

  private StatusRecorder() {}

  static void reported(DSLContext transaction, Incoming record, BuildState state) {
    Connections.resolve(transaction, state.repository())
        .ifPresent(repository -> upsert(transaction, repository, state, record));
  }

  private static void upsert(
      DSLContext transaction, UUID repository, BuildState state, Incoming record) {
    transaction
        .insertInto(COMMIT_STATUS)
        .set(COMMIT_STATUS.REPOSITORY_ID, repository)
        .set(COMMIT_STATUS.COMMIT_HASH, state.commit())
        .set(COMMIT_STATUS.STATUS_KEY, state.key())
        .set(COMMIT_STATUS.NAME, state.name())
        .set(COMMIT_STATUS.NUMBER, state.number())
        .set(COMMIT_STATUS.STATE, word(state.state()))
        .set(COMMIT_STATUS.DESCRIPTION, state.description())
        .set(COMMIT_STATUS.URL, state.url())
        .set(COMMIT_STATUS.REF, state.ref())
        .set(COMMIT_STATUS.OCCURRED_AT, occurredAt(state, record))
        .set(COMMIT_STATUS.UPDATED_AT, record.brokerTime())
        .onConflict(
            COMMIT_STATUS.REPOSITORY_ID, COMMIT_STATUS.COMMIT_HASH, COMMIT_STATUS.STATUS_KEY)
        .doUpdate()
        .setNonConflictingKeyToExcluded()
        .set(
            COMMIT_STATUS.UPDATED_AT,
            greatest(COMMIT_STATUS.UPDATED_AT, excluded(COMMIT_STATUS.UPDATED_AT)))
        .where(
            COMMIT_STATUS
                .OCCURRED_AT
                .isNull()
                .or(COMMIT_STATUS.OCCURRED_AT.le(excluded(COMMIT_STATUS.OCCURRED_AT))))
        .execute();
  }

  private static Instant occurredAt(BuildState state, Incoming record) {
    return state.occurredAt().isAfter(record.brokerTime().plus(CLOCKS_DIFFER))
        ? record.brokerTime()
        : state.occurredAt();
  }

  static void settled(DSLContext transaction, Incoming record, Outcome outcome) {
    if (outcome.commit() != null && outcome.key() != null) {
      upsert(transaction, outcome.commit(), outcome.key(), outcome, record);
    }
  }

  private static void upsert(
      DSLContext transaction, String commit, String key, Outcome outcome, Incoming record) {
    transaction
        .insertInto(COMMIT_STATUS)
        .set(COMMIT_STATUS.REPOSITORY_ID, outcome.repository().id())
        .set(COMMIT_STATUS.COMMIT_HASH, commit)
        .set(COMMIT_STATUS.STATUS_KEY, key)
        .set(COMMIT_STATUS.OUTCOME, word(outcome.result()))
        .set(COMMIT_STATUS.HTTP_STATUS, outcome.httpStatus())
        .set(COMMIT_STATUS.ATTEMPTS, outcome.attempts())
        .set(COMMIT_STATUS.REASON, outcome.reason())
        .set(COMMIT_STATUS.LATENCY_MS, outcome.latencyMs())
        .set(COMMIT_STATUS.OUTCOME_AT, outcome.at())
        .set(COMMIT_STATUS.UPDATED_AT, record.brokerTime())
        .onConflict(
            COMMIT_STATUS.REPOSITORY_ID, COMMIT_STATUS.COMMIT_HASH, COMMIT_STATUS.STATUS_KEY)
        .doUpdate()
        .setNonConflictingKeyToExcluded()
        .set(
            COMMIT_STATUS.UPDATED_AT,
            greatest(COMMIT_STATUS.UPDATED_AT, excluded(COMMIT_STATUS.UPDATED_AT)))
        .where(
            COMMIT_STATUS
                .OUTCOME_AT
                .isNull()
                .or(COMMIT_STATUS.OUTCOME_AT.le(excluded(COMMIT_STATUS.OUTCOME_AT))))
        .execute();
  }
}
