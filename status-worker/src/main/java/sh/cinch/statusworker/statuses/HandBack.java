package sh.cinch.statusworker.statuses;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.row;
import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.COMMIT_STATUS;
import static sh.cinch.database.status_worker.Tables.REPORT;
import static sh.cinch.database.status_worker.Tables.STATUS;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.CommitStatusRecord;
import sh.cinch.database.status_worker.tables.records.ReportRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.forge.Cause;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.status.StatusKey;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.RowBatch;
import sh.cinch.service.text.EnumWord;

/**
 * Gives release 0.1.0 its statuses back, each with all that was reported of it: of every key the
 * first ref's, since that release has one for a key. Run again it goes over what this release has
 * touched since. Goes with that release's tables.
 */
public final class HandBack {

  private static final int AT_ONCE = 200;
  private static final Set<Field<?>> RECORD =
      Set.of(REPORT.RECORD_KEY, REPORT.RECORD_HEADERS, REPORT.RECORD_VALUE);

  private final Database database;
  private final InstantSource clock;
  private int statuses;
  private int due;

  public HandBack(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * @param statuses that were handed back
   * @param due of these, to be posted by release 0.1.0
   * @param further of other refs, which wait for this release
   * @param held once more: a status-worker of this release is at work
   */
  public record Result(int statuses, int due, int further, int held) {}

  public Result run() {
    Optional<CommitStatusRecord> last = Optional.empty();
    do {
      Optional<CommitStatusRecord> after = last;
      last = database.transaction(transaction -> batch(transaction, after));
    } while (last.isPresent());
    return new Result(
        statuses,
        due,
        database.sql().fetchCount(STATUS, STATUS.DUE_AT.isNotNull()),
        database.sql().fetchCount(COMMIT_STATUS, COMMIT_STATUS.DUE_AT.eq(FormerStatus.NEVER)));
  }

  /**
   * @return the last that it has looked at; empty: there are no more
   */
  private Optional<CommitStatusRecord> batch(
      DSLContext transaction, Optional<CommitStatusRecord> after) {
    var place =
        row(COMMIT_STATUS.REPOSITORY_ID, COMMIT_STATUS.COMMIT_HASH, COMMIT_STATUS.STATUS_KEY);
    Condition isDueHere =
        DSL.exists(
            DSL.selectOne()
                .from(STATUS)
                .where(row(STATUS.REPOSITORY_ID, STATUS.COMMIT_HASH, STATUS.STATUS_KEY).eq(place))
                .and(STATUS.DUE_AT.isNotNull()));
    List<CommitStatusRecord> former =
        transaction
            .selectFrom(COMMIT_STATUS)
            .where(COMMIT_STATUS.DUE_AT.eq(FormerStatus.NEVER).or(isDueHere))
            .and(
                after
                    .map(
                        last ->
                            place.gt(
                                last.getRepositoryId(), last.getCommitHash(), last.getStatusKey()))
                    .orElse(DSL.noCondition()))
            .orderBy(place.fields())
            .limit(AT_ONCE)
            .forUpdate()
            .fetch();
    former.forEach(row -> handBack(transaction, row));
    RowBatch.update(transaction, former);
    return former.isEmpty() ? Optional.empty() : Optional.of(former.getLast());
  }

  private void handBack(DSLContext transaction, CommitStatusRecord row) {
    CommitKey key = new CommitKey(row.getRepositoryId(), row.getCommitHash(), row.getStatusKey());
    Optional<StatusRecord> first =
        new StatusRows(transaction, key, clock.instant())
            .find().values().stream()
                .filter(status -> status.getShownKey().equals(StatusKey.first(key.key())))
                .findFirst();
    if (FormerStatus.NEVER.equals(row.getDueAt())
        || first.map(StatusRecord::getDueAt).isPresent()) {
      copyReports(transaction, key, first);
      statuses++;
      boolean isTouched = new FormerStatus(row, List.of()).isTouched();
      row.setDueAt(null);
      first.ifPresent(
          status -> goOn(row, status, isTouched ? wanted(transaction, key) : status.getEventId()));
      row.setClaim(row.getClaim() + 1);
      // What that release is to post is looked at again in any case, once this one is back.
      if (row.getDueAt() == null) {
        row.setLastReason(FormerStatus.moved(row.getVersion()));
      } else {
        due++;
      }
      first
          .filter(status -> status.getDueAt() != null)
          .ifPresent(status -> leave(transaction, status));
    }
  }

  /** All are known there, so that none is taken for new; those of other refs are not wanted. */
  private static void copyReports(
      DSLContext transaction, CommitKey key, Optional<StatusRecord> first) {
    List<String> ofOthers =
        StatusRefs.byRef(
                transaction
                    .selectFrom(BUILD_REPORT)
                    .where(key.reports())
                    .fetch(ReportedStates::report))
            .values()
            .stream()
            .filter(
                reports ->
                    first.isEmpty()
                        || reports.stream()
                            .noneMatch(report -> report.eventId().equals(first.get().getEventId())))
            .flatMap(List::stream)
            .map(ReportedState::eventId)
            .toList();
    Condition isOfOther = BUILD_REPORT.EVENT_ID.in(ofOthers);
    List<Field<?>> values =
        Arrays.stream(REPORT.fields()).<Field<?>>map(field -> value(field, isOfOther)).toList();
    transaction
        .insertInto(REPORT, REPORT.fields())
        .select(DSL.select(values).from(BUILD_REPORT).where(key.reports()))
        .onConflict(REPORT.getPrimaryKey().getFields())
        .doUpdate()
        .setNonConflictingKeyToExcluded()
        // A replay may have taken its place there.
        .where(excluded(REPORT.RECORDED_AT).ge(REPORT.RECORDED_AT))
        .execute();
  }

  private static Field<?> value(Field<?> field, Condition isOfOther) {
    Field<?> value = Objects.requireNonNull(BUILD_REPORT.field(field.getName()));
    if (field.equals(REPORT.RETIRED)) {
      return DSL.field(BUILD_REPORT.RETIRED.isTrue().or(isOfOther));
    }
    return RECORD.contains(field) ? DSL.when(isOfOther.not(), value) : value;
  }

  /** As that release decides it: it may have recorded what was not moved over yet. */
  private static String wanted(DSLContext transaction, CommitKey key) {
    return BuildOrder.wanted(
            transaction
                .selectFrom(REPORT)
                .where(FormerStatus.reports(key))
                .and(REPORT.RETIRED.isFalse())
                .fetch(HandBack::report))
        .eventId();
  }

  /** Which ref it names is not kept there. */
  static ReportedState report(ReportRecord row) {
    BuildReportRecord report = row.into(BUILD_REPORT);
    report.setRef("");
    return ReportedStates.report(report);
  }

  /** As far as this release has come; {@link StatusRows#adopt} the other way round. */
  private void goOn(CommitStatusRecord row, StatusRecord status, String wanted) {
    boolean isAsHere = wanted.equals(status.getEventId());
    row.setEventId(wanted);
    row.setVersion(Math.max(row.getVersion(), status.getWantedVersion()) + 1);
    row.setDueAt(isAsHere ? dueAt(status) : clock.instant());
    row.setAttempts(isAsHere ? status.getAttempts() : 0);
    row.setLastReason(isAsHere ? status.getReason() : null);
    row.setWaitingFor(isAsHere ? cause(status) : null);
    if (isAsHere && status.getProgress().equals(EnumWord.word(Progress.DELIVERED))) {
      row.setPostedEventId(wanted);
    }
  }

  /** That an orphan's is shown as stopped that release does not know: the watch finds it again. */
  private static @Nullable Instant dueAt(StatusRecord status) {
    return Orphan.of(status).isPresent() ? null : status.getDueAt();
  }

  /** One of those that are told so. */
  private static @Nullable String cause(StatusRecord status) {
    return StatusStates.waitingFor(status)
        .flatMap(
            told ->
                Arrays.stream(Cause.values()).filter(one -> one.waitingFor() == told).findFirst())
        .map(Cause::name)
        .orElse(null);
  }

  /** Not posted from here until it is taken up again. */
  private static void leave(DSLContext transaction, StatusRecord status) {
    transaction
        .update(STATUS)
        .setNull(STATUS.DUE_AT)
        .setNull(STATUS.ORPHANED_AT)
        .set(STATUS.CLAIM, STATUS.CLAIM.plus(1))
        .where(StatusId.of(status).row())
        .execute();
  }
}
