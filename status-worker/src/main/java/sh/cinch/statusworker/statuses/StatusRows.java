package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.STATUS;

import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
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
import org.jooq.impl.DSL;
import sh.cinch.database.status_worker.tables.records.CommitStatusRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.forge.Cause;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.schema.status.StatusKey;
import sh.cinch.service.database.Given;
import sh.cinch.service.text.EnumWord;

/** The rows of one key's statuses, one for each ref; used by whoever holds the key's lock. */
record StatusRows(DSLContext sql, CommitKey key, Instant now) {

  static final JSONB NO_REQUESTS = JSONB.valueOf("[]");

  /** As the forge says that a build runs. */
  private static final String IN_PROGRESS = "INPROGRESS";

  /** Nobody else records anything of this key until the transaction ends. */
  void lock() {
    lock(sql, List.of(key));
  }

  /** The same of several, one after the other. */
  static void lock(DSLContext sql, List<CommitKey> keys) {
    String[] names = keys.stream().map(CommitKey::toString).toArray(String[]::new);
    sql.query(
            """
            select pg_advisory_xact_lock(hashtextextended(name, 0))
            from (select name from unnest({0}) with ordinality keys(name, number) order by number)
            """,
            DSL.val(names))
        .execute();
  }

  /** By their refs; those who post them wait until the transaction ends. */
  Map<String, StatusRecord> find() {
    return find(sql, List.of(key)).getOrDefault(key, Map.of());
  }

  /** The same of several keys. */
  static Map<CommitKey, Map<String, StatusRecord>> find(DSLContext sql, List<CommitKey> keys) {
    Given<CommitKey> given = CommitKey.given(keys);
    return sql
        .select(STATUS.fields())
        .from(given.table())
        .join(STATUS)
        .on(given.is(STATUS.REPOSITORY_ID, STATUS.COMMIT_HASH, STATUS.STATUS_KEY))
        .orderBy(given.number(), STATUS.REF)
        .forUpdate()
        .of(STATUS)
        .fetchInto(STATUS)
        .stream()
        .collect(
            Collectors.groupingBy(
                CommitKey::of, Collectors.toMap(StatusRecord::getRef, Function.identity())));
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
   * A status that nobody has posted yet; it is due, and has no row yet.
   *
   * @param shownKey the key that it is to have on the forge
   */
  StatusRecord add(String shownKey, String ref, ReportedState wanted) {
    StatusRecord row = new StatusRecord();
    row.setRepositoryId(key.repository());
    row.setCommitHash(key.commit());
    row.setStatusKey(key.key());
    row.setShownKey(shownKey);
    row.setRef(ref);
    row.setShownRef(ref.isEmpty() ? null : ref);
    row.setLeftKeys(new String[0]);
    row.setPostedBy(null);
    row.setClaim(0L);
    row.setWantedVersion(0L);
    row.setVersion(0L);
    want(row, wanted);
    return row;
  }

  /**
   * The keys that a status may have on the forge.
   *
   * @param isFirst whether the key has no other status yet: then it has the key as it is
   */
  Iterator<String> shownKeys(String ref, boolean isFirst) {
    Stream<String> first = isFirst ? Stream.of(StatusKey.first(key.key())) : Stream.empty();
    return Stream.concat(first, furtherKeys(key.key(), ref)).iterator();
  }

  /**
   * @return those that no other status of their commits had
   */
  static Set<StatusId> insert(DSLContext sql, Collection<StatusRecord> rows) {
    return sql.insertInto(STATUS)
        .set(rows)
        .onConflict(STATUS.getPrimaryKey().getFields())
        .doNothing()
        .returning(STATUS.REPOSITORY_ID, STATUS.COMMIT_HASH, STATUS.SHOWN_KEY)
        .fetchSet(StatusId::of);
  }

  /** The same whenever they are made; beyond the first only where another status has it. */
  static Stream<String> furtherKeys(String key, String ref) {
    return Stream.iterate(ref, salted -> salted + '\0').map(salt -> StatusKey.further(key, salt));
  }

  void want(StatusRecord row, ReportedState wanted) {
    row.setEventId(wanted.eventId());
    row.setWantedSince(now);
    row.setIsFinal(wanted.isFinal());
    row.setHeardAt(wanted.isFinal() ? null : now);
    row.setOrphanedAt(null);
    showAnew(row);
  }

  /**
   * An orphan's: what is wanted stays, and something else is to be shown. It is in no hurry: a
   * fleet that is gone leaves many, which must not spend what the ends of other builds need.
   */
  void orphan(StatusRecord row) {
    row.setOrphanedAt(now);
    showAnew(row);
  }

  /**
   * Due now, unless it has a time already: then a request is on its way or may yet land, or the
   * forge is to be left alone, and the newest state goes out when that is over. What waits for the
   * forge's limit is due now: there may be room for the newest.
   */
  private void showAnew(StatusRecord row) {
    row.setWantedVersion(row.getWantedVersion() + 1);
    row.setProgress(EnumWord.word(Progress.PENDING));
    row.setWaitingFor(null);
    row.setHttpStatus(null);
    row.setAttempts(0);
    row.setRequests(NO_REQUESTS);
    row.setReason(null);
    row.setWarnings(new String[0]);
    Instant due = row.getDueAt();
    row.setDueAt(due == null || due.equals(row.getWaitingUntil()) ? now : due);
    publish(row);
  }

  /** The build that is wanted lives. */
  void heard(StatusRecord row) {
    row.setHeardAt(now);
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
  static void wantAgain(StatusRecord row, Instant now, Instant next) {
    row.setWantedVersion(row.getWantedVersion() + 1);
    Instant due = row.getDueAt();
    boolean isWaiting = due != null && due.equals(row.getWaitingUntil());
    row.setDueAt(due == null || due.isBefore(next) || isWaiting ? next : due);
    // There may be room at once, and it would be brought forward.
    row.setWaitingUntil(null);
    if (next.isAfter(now)) {
      row.setClaim(row.getClaim() + 1);
    }
  }

  /** Another version of it is to be published. */
  void publish(StatusRecord row) {
    row.setVersion(row.getVersion() + 1);
    row.setChangedAt(now);
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
