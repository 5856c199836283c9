package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.STATUS;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import sh.cinch.database.status_worker.tables.records.CommitStatusRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.forge.Cause;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.schema.status.StatusKey;
import sh.cinch.service.text.EnumWord;

/** The rows of one key's statuses, one for each ref; used by whoever holds the key's lock. */
record StatusRows(DSLContext sql, CommitKey key, Instant now) {

  static final JSONB NO_REQUESTS = JSONB.valueOf("[]");

  /** Nobody else records anything of this key until the transaction ends. */
  void lock() {
    sql.select(
            DSL.function(
                "pg_advisory_xact_lock",
                Object.class,
                DSL.function("hashtextextended", Long.class, DSL.val(key.toString()), DSL.val(0))))
        .execute();
  }

  /** By their refs; those who post them wait until the transaction ends. */
  Map<String, StatusRecord> find() {
    return sql.selectFrom(STATUS)
        .where(key.statuses())
        // As the index has them: by another order, all statuses of the commit would be read.
        .orderBy(STATUS.REF)
        .forUpdate()
        .fetchMap(STATUS.REF);
  }

  /**
   * The status that had no ref has this one. What its posts name stays, once one may have been
   * made.
   */
  StatusRecord name(StatusRecord row, String ref) {
    return sql.update(STATUS)
        .set(STATUS.REF, ref)
        .set(
            STATUS.SHOWN_REF,
            DSL.when(STATUS.CLAIM.eq(0L), DSL.val(ref)).otherwise(STATUS.SHOWN_REF))
        .where(StatusId.of(row).row())
        .returning()
        .fetchSingle();
  }

  /**
   * A status that nobody has posted yet.
   *
   * @param isFirst whether the key has no other status yet: then it has the key as it is
   */
  StatusRecord add(String ref, String event, boolean isFirst) {
    Stream<String> further =
        Stream.iterate(ref, salted -> salted + '\0')
            .map(salt -> StatusKey.further(key.key(), salt));
    return Stream.concat(isFirst ? Stream.of(StatusKey.first(key.key())) : Stream.empty(), further)
        .map(shownKey -> insert(shownKey, ref, event))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow();
  }

  /** Empty where another status of the commit has this key on the forge. */
  private Optional<StatusRecord> insert(String shownKey, String ref, String event) {
    return sql.insertInto(STATUS)
        .set(STATUS.REPOSITORY_ID, key.repository())
        .set(STATUS.COMMIT_HASH, key.commit())
        .set(STATUS.STATUS_KEY, key.key())
        .set(STATUS.SHOWN_KEY, shownKey)
        .set(STATUS.REF, ref)
        .set(STATUS.SHOWN_REF, ref.isEmpty() ? null : ref)
        .set(STATUS.EVENT_ID, event)
        .set(STATUS.WANTED_SINCE, now)
        .set(STATUS.PROGRESS, EnumWord.word(Progress.PENDING))
        .set(STATUS.CHANGED_AT, now)
        .onConflict(STATUS.getPrimaryKey().getFields())
        .doNothing()
        .returning()
        .fetchOptional();
  }

  /**
   * Due now, unless it has a time already: then a request is on its way or may yet land, or the
   * forge is to be left alone, and the newest state goes out when that is over. What waits for the
   * forge's limit is due now: there may be room for the newest.
   */
  StatusRecord want(StatusRecord row, String event, boolean isFinal) {
    return sql.update(STATUS)
        .set(STATUS.EVENT_ID, event)
        .set(STATUS.WANTED_VERSION, STATUS.WANTED_VERSION.plus(1))
        .set(STATUS.WANTED_SINCE, now)
        .set(STATUS.PROGRESS, EnumWord.word(Progress.PENDING))
        .setNull(STATUS.WAITING_FOR)
        .setNull(STATUS.HTTP_STATUS)
        .set(STATUS.ATTEMPTS, 0)
        .set(STATUS.REQUESTS, NO_REQUESTS)
        .setNull(STATUS.REASON)
        .set(STATUS.WARNINGS, new String[0])
        .set(STATUS.IS_FINAL, isFinal)
        .set(
            STATUS.DUE_AT,
            DSL.when(STATUS.DUE_AT.eq(STATUS.WAITING_UNTIL), DSL.val(now))
                .otherwise(DSL.coalesce(STATUS.DUE_AT, DSL.val(now))))
        .set(changed(now))
        .where(StatusId.of(row).row())
        .returning()
        .fetchSingle();
  }

  /** Something older may have been written over what is wanted: that is due once more. */
  static void wantAgain(DSLContext sql, StatusId status, Instant now) {
    sql.update(STATUS)
        .set(STATUS.WANTED_VERSION, STATUS.WANTED_VERSION.plus(1))
        .set(STATUS.DUE_AT, DSL.coalesce(STATUS.DUE_AT, DSL.val(now)))
        .where(status.row())
        .execute();
  }

  /** As it is, it was not published yet. */
  StatusRecord publish(StatusRecord row) {
    return sql.update(STATUS)
        .set(changed(now))
        .where(StatusId.of(row).row())
        .returning()
        .fetchSingle();
  }

  /** A status of release 0.1.0, as far as that had come; what it shows it did not write down. */
  StatusRecord adopt(CommitStatusRecord former, String ref) {
    boolean isDue = former.getDueAt() != null;
    Optional<WaitingFor> waitingFor =
        Optional.ofNullable(former.getWaitingFor())
            .filter(word -> isDue)
            .map(word -> Cause.valueOf(word).waitingFor());
    Progress settled =
        former.getEventId().equals(former.getPostedEventId())
            ? Progress.DELIVERED
            : Progress.FAILED;
    Progress due = waitingFor.isPresent() ? Progress.WAITING : Progress.PENDING;
    Progress progress = isDue ? due : settled;
    return sql.insertInto(STATUS)
        .set(STATUS.REPOSITORY_ID, key.repository())
        .set(STATUS.COMMIT_HASH, key.commit())
        .set(STATUS.STATUS_KEY, key.key())
        .set(STATUS.SHOWN_KEY, StatusKey.first(key.key()))
        .set(STATUS.REF, ref)
        .set(STATUS.SHOWN_REF, ref.isEmpty() ? null : ref)
        .set(STATUS.EVENT_ID, former.getEventId())
        .set(STATUS.WANTED_VERSION, former.getVersion())
        .set(STATUS.WANTED_SINCE, now)
        .set(STATUS.PROGRESS, EnumWord.word(progress))
        .set(STATUS.WAITING_FOR, waitingFor.map(EnumWord::word).orElse(null))
        .set(STATUS.REASON, progress == Progress.DELIVERED ? null : former.getLastReason())
        .set(STATUS.ATTEMPTS, former.getAttempts())
        .set(STATUS.CHANGED_AT, now)
        .set(STATUS.DUE_AT, former.getDueAt())
        .set(STATUS.CLAIM, former.getClaim())
        .returning()
        .fetchSingle();
  }

  /** Another version of it is to be published. */
  static Map<Field<?>, Object> changed(Instant now) {
    return Map.of(STATUS.VERSION, STATUS.VERSION.plus(1), STATUS.CHANGED_AT, now);
  }
}
