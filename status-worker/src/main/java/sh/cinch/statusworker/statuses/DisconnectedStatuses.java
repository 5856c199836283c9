package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.STATUS;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.forge.ForgeResult;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.service.text.EnumWord;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.statusworker.outcome.Detail;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.outcome.Subject;
import sh.cinch.statusworker.pushes.Origin;

/**
 * The statuses of a repository that was disconnected: what waits to be posted never will be, and
 * what is posted of a build that runs stays as it is.
 *
 * @param since when it was disconnected
 */
record DisconnectedStatuses(
    DSLContext transaction,
    Repository repository,
    Instant since,
    StatusStates states,
    Outcomes outcomes,
    Instant now) {

  private static final int AT_ONCE = 500;

  /**
   * Ends some.
   *
   * @return whether there may be more
   */
  boolean end() {
    List<StatusRecord> some = underWay();
    some.forEach(this::end);
    return some.size() == AT_ONCE;
  }

  /** In the order in which build states are recorded, so that neither waits for the other. */
  private List<StatusRecord> underWay() {
    return transaction
        .select(STATUS.fields())
        .from(STATUS)
        .join(BUILD_REPORT)
        .on(ReportId.isWanted())
        .where(STATUS.REPOSITORY_ID.eq(repository.id()))
        .and(STATUS.DUE_AT.isNotNull().andNot(hasFailed()).or(isRunning()))
        .andNot(isShownAsStopped())
        // An old record may be read again long after the repository was connected again.
        .and(BUILD_REPORT.RECORDED_AT.le(since))
        .orderBy(bytes(STATUS.COMMIT_HASH), bytes(STATUS.STATUS_KEY), STATUS.REF)
        .limit(AT_ONCE)
        .forUpdate()
        .of(STATUS)
        .fetchInto(STATUS);
  }

  private static Condition isRunning() {
    return isDelivered().and(BUILD_REPORT.FINAL.isFalse());
  }

  /** An orphan's end was told. */
  private static Condition isShownAsStopped() {
    return isDelivered().and(STATUS.ORPHANED_AT.isNotNull());
  }

  private static Condition isDelivered() {
    return STATUS.PROGRESS.eq(EnumWord.word(Progress.DELIVERED));
  }

  private static Condition hasFailed() {
    return STATUS.PROGRESS.eq(EnumWord.word(Progress.FAILED));
  }

  /**
   * A request whose answer was lost may yet be carried out: should the repository be connected
   * again at once, what is wanted then is posted after that time.
   */
  private @Nullable Instant mayLandUntil(StatusRecord row) {
    if (row.getDueAt() == null
        || !StatusStates.waitingFor(row).equals(Optional.of(WaitingFor.BITBUCKET))) {
      return null;
    }
    Instant latest = now.plus(ForgeResult.MAY_STILL_LAND);
    return row.getDueAt().isBefore(latest) ? row.getDueAt() : latest;
  }

  private static Field<String> bytes(Field<String> text) {
    return text.collate("C");
  }

  /** Whoever has it claimed has lost it. */
  private void end(StatusRecord row) {
    String reason = reason(row);
    StatusRecord ended =
        transaction
            .update(STATUS)
            .set(STATUS.PROGRESS, EnumWord.word(Progress.FAILED))
            .setNull(STATUS.WAITING_FOR)
            .setNull(STATUS.HTTP_STATUS)
            .set(STATUS.REASON, reason)
            .set(STATUS.DUE_AT, mayLandUntil(row))
            .set(STATUS.CLAIM, STATUS.CLAIM.plus(1))
            .set(STATUS.VERSION, STATUS.VERSION.plus(1))
            .set(STATUS.CHANGED_AT, now)
            .where(StatusId.of(row).row())
            .returning()
            .fetchSingle();
    BuildReportRecord report = reports(row).find(row.getEventId());
    BuildState build = ReportedStates.build(report);
    Subject subject =
        StatusStates.subject(
            repository,
            ended,
            report.getEventId(),
            build,
            Origin.of(transaction, repository.id(), build),
            Traceparent.continued(report.getTraceparent()));
    states.publish(transaction, ended, subject);
    boolean unused = reports(row).settle(row.getEventId());
    outcomes.tell(
        transaction,
        subject,
        Result.FAILED,
        new Detail(
            OptionalInt.empty(),
            row.getAttempts(),
            Optional.of(reason),
            Optional.empty(),
            List.of(),
            RequestsJson.read(row.getRequests())));
  }

  private ReportedStates reports(StatusRecord row) {
    return new ReportedStates(transaction, CommitKey.of(row));
  }

  private static String reason(StatusRecord row) {
    String reason = "the repository is not connected with Cinch any more";
    return row.getShownState() == null
        ? reason
        : reason
            + "; \"%s\" stays %s on Bitbucket".formatted(row.getShownKey(), row.getShownState());
  }
}
