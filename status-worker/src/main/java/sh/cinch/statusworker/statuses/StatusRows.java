package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.STATUS;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.UpdateSetFirstStep;
import org.jooq.UpdateSetMoreStep;
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

  /** As the forge says that a build runs. */
  private static final String IN_PROGRESS = "INPROGRESS";

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
    Stream<String> first = isFirst ? Stream.of(StatusKey.first(key.key())) : Stream.empty();
    return Stream.concat(first, furtherKeys(key.key(), ref))
        .map(shownKey -> insert(shownKey, ref, event))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow();
  }

  /** The same whenever they are made; beyond the first only where another status has it. */
  static Stream<String> furtherKeys(String key, String ref) {
    return Stream.iterate(ref, salted -> salted + '\0').map(salt -> StatusKey.further(key, salt));
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

  StatusRecord want(StatusRecord row, ReportedState wanted) {
    return showAnew(
        row,
        update ->
            update
                .set(STATUS.EVENT_ID, wanted.eventId())
                .set(STATUS.WANTED_SINCE, now)
                .set(STATUS.IS_FINAL, wanted.isFinal())
                .set(STATUS.HEARD_AT, wanted.isFinal() ? null : now)
                .setNull(STATUS.ORPHANED_AT));
  }

  /**
   * An orphan's: what is wanted stays, and something else is to be shown. It is in no hurry: a
   * fleet that is gone leaves many, which must not spend what the ends of other builds need.
   */
  StatusRecord orphan(StatusRecord row) {
    return showAnew(row, update -> update.set(STATUS.ORPHANED_AT, now));
  }

  /**
   * Due now, unless it has a time already: then a request is on its way or may yet land, or the
   * forge is to be left alone, and the newest state goes out when that is over. What waits for the
   * forge's limit is due now: there may be room for the newest.
   */
  private StatusRecord showAnew(
      StatusRecord row,
      Function<UpdateSetFirstStep<StatusRecord>, UpdateSetMoreStep<StatusRecord>> what) {
    return what.apply(sql.update(STATUS))
        .set(STATUS.WANTED_VERSION, STATUS.WANTED_VERSION.plus(1))
        .set(STATUS.PROGRESS, EnumWord.word(Progress.PENDING))
        .setNull(STATUS.WAITING_FOR)
        .setNull(STATUS.HTTP_STATUS)
        .set(STATUS.ATTEMPTS, 0)
        .set(STATUS.REQUESTS, NO_REQUESTS)
        .setNull(STATUS.REASON)
        .set(STATUS.WARNINGS, new String[0])
        .set(
            STATUS.DUE_AT,
            DSL.when(STATUS.DUE_AT.eq(STATUS.WAITING_UNTIL), DSL.val(now))
                .otherwise(DSL.coalesce(STATUS.DUE_AT, DSL.val(now))))
        .set(changed(now))
        .where(StatusId.of(row).row())
        .returning()
        .fetchSingle();
  }

  /** The build that is wanted lives. */
  StatusRecord heard(StatusRecord row) {
    return sql.update(STATUS)
        .set(STATUS.HEARD_AT, now)
        .where(StatusId.of(row).row())
        .returning()
        .fetchSingle();
  }

  /** Those whose build is not over and was last heard of then or before; locked. */
  List<StatusRecord> silent(Instant lastHeard) {
    return sql.selectFrom(STATUS)
        .where(key.statuses())
        .and(isSilent(lastHeard))
        .orderBy(STATUS.REF)
        .forUpdate()
        .fetch();
  }

  /** The keys of such, those of the longest silence first. */
  static Set<CommitKey> silent(DSLContext sql, Instant lastHeard, int limit) {
    return sql
        .select(STATUS.REPOSITORY_ID, STATUS.COMMIT_HASH, STATUS.STATUS_KEY)
        .from(STATUS)
        .where(isSilent(lastHeard))
        .orderBy(STATUS.HEARD_AT)
        .limit(limit)
        .fetch(row -> new CommitKey(row.value1(), row.value2(), row.value3()))
        .stream()
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** As the index has them. What failed was told, unless it still seems to run on the forge. */
  private static Condition isSilent(Instant lastHeard) {
    return STATUS
        .HEARD_AT
        .le(lastHeard)
        .and(STATUS.ORPHANED_AT.isNull())
        .and(
            STATUS
                .PROGRESS
                .ne(DSL.inline(EnumWord.word(Progress.FAILED)))
                .or(STATUS.SHOWN_STATE.eq(DSL.inline(IN_PROGRESS))));
  }

  /**
   * Something older may have been written over what is wanted: that is due once more.
   *
   * @param next until then it may yet be: whoever has claimed it would settle it too early, and has
   *     lost it
   */
  static void wantAgain(DSLContext sql, StatusId status, Instant now, Instant next) {
    sql.update(STATUS)
        .set(STATUS.WANTED_VERSION, STATUS.WANTED_VERSION.plus(1))
        .set(STATUS.DUE_AT, DSL.greatest(STATUS.DUE_AT, DSL.val(next)))
        .set(STATUS.CLAIM, STATUS.CLAIM.plus(next.isAfter(now) ? 1 : 0))
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
  StatusRecord adopt(CommitStatusRecord former, ReportedState wanted, String ref) {
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
        .set(STATUS.IS_FINAL, wanted.isFinal())
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
