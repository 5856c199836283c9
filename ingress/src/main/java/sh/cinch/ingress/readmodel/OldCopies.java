package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static sh.cinch.database.ingress.Tables.PUSH;
import static sh.cinch.database.ingress.Tables.REPORTED_STATE;
import static sh.cinch.database.ingress.Tables.REQUESTED_RELEASE;
import static sh.cinch.database.ingress.Tables.SHOWN_RELEASE;
import static sh.cinch.database.ingress.Tables.SHOWN_STATUS;
import static sh.cinch.service.text.EnumWord.word;

import java.time.Instant;
import java.util.List;
import org.jooq.DSLContext;
import sh.cinch.database.ingress.tables.records.ShownReleaseRecord;
import sh.cinch.ingress.paging.OldItems;
import sh.cinch.schema.event.ReleaseEvent.State;
import sh.cinch.service.retention.Retention;

/** Copies that are too old to be kept. */
final class OldCopies {

  static final Retention.Batch PUSHES = new OldItems<>(PUSH, PUSH.REPOSITORY_ID, PUSH.RECEIVED_AT);

  static final Retention.Batch STATUSES =
      new OldItems<>(SHOWN_STATUS, SHOWN_STATUS.REPOSITORY_ID, SHOWN_STATUS.CHANGED_AT);

  /** What was reported stays with the statuses that are shown of it. */
  static final Retention.Batch REPORTS =
      Retention.of(
          REPORTED_STATE,
          REPORTED_STATE.RECEIVED_AT,
          notExists(
              selectOne()
                  .from(SHOWN_STATUS)
                  .where(SHOWN_STATUS.REPOSITORY_ID.eq(REPORTED_STATE.REPOSITORY_ID))
                  .and(SHOWN_STATUS.COMMIT_HASH.eq(REPORTED_STATE.COMMIT_HASH))
                  .and(SHOWN_STATUS.STATUS_KEY.eq(REPORTED_STATE.STATUS_KEY))));

  private static final OldItems<ShownReleaseRecord> ENDED =
      new OldItems<>(
          SHOWN_RELEASE,
          SHOWN_RELEASE.REPOSITORY_ID,
          SHOWN_RELEASE.REQUESTED_AT,
          SHOWN_RELEASE.STATE.in(
              word(State.DELIVERED), word(State.SUPERSEDED), word(State.FAILED)));

  /** A request never stays behind alone: it would be shown as one that nobody has seen to. */
  static final Retention.Batch RELEASES =
      (database, before, most) ->
          database.transaction(transaction -> releases(transaction, before, most));

  private OldCopies() {}

  private static int releases(DSLContext transaction, Instant before, int most) {
    List<String> old = transaction.fetch(ENDED.locked(before, most)).getValues(SHOWN_RELEASE.ID);
    Retention.delete(
        transaction,
        REQUESTED_RELEASE,
        select(REQUESTED_RELEASE.ID)
            .from(REQUESTED_RELEASE)
            .where(REQUESTED_RELEASE.ID.in(old))
            .forUpdate()
            .skipLocked());
    return transaction
        .deleteFrom(SHOWN_RELEASE)
        .where(SHOWN_RELEASE.ID.in(old))
        .and(
            notExists(
                selectOne()
                    .from(REQUESTED_RELEASE)
                    .where(REQUESTED_RELEASE.ID.eq(SHOWN_RELEASE.ID))))
        .execute();
  }
}
