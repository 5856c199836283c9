package sh.cinch.statusworker.statuses;

import static java.util.Comparator.comparing;
import static sh.cinch.database.status_worker.Tables.STATUS;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.forge.PostedStatus;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.service.database.RowBatch;
import sh.cinch.service.due.ClaimState;
import sh.cinch.service.text.EnumWord;
import sh.cinch.statusworker.outcome.Detail;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.outcome.Subject;
import sh.cinch.statusworker.pushes.Origins;

/** Attempts that ended: their rows are read together, changed one by one, and written together. */
public final class EndedAttempts {

  private final DSLContext transaction;
  private final StatusStates states;
  private final Outcomes outcomes;
  private final Instant now;
  private final Map<StatusId, StatusRecord> rows;
  private final Origins origins;
  private final Map<StatusId, StatusRecord> changed = new LinkedHashMap<>();
  private final List<End> ends = new ArrayList<>();

  /** What there is to tell of an attempt. */
  private record End(StatusAttempt attempt, Subject subject, Result result, Detail detail) {

    ReportId report() {
      return new ReportId(CommitKey.of(attempt.claim().row()), subject.eventId());
    }

    /** What became of an orphan's report was told before; of the orphan it is told once. */
    boolean isTold(Set<ReportId> settled) {
      return attempt.desired().orphan().isPresent()
          ? !attempt.desired().isShown()
          : settled.contains(report());
    }
  }

  private EndedAttempts(
      DSLContext transaction,
      StatusStates states,
      Outcomes outcomes,
      Instant now,
      Map<StatusId, StatusRecord> rows,
      Origins origins) {
    this.transaction = transaction;
    this.states = states;
    this.outcomes = outcomes;
    this.now = now;
    this.rows = rows;
    this.origins = origins;
  }

  /** Locks their rows, so that they stand so until the transaction ends. */
  static EndedAttempts of(
      DSLContext transaction,
      Collection<StatusAttempt> attempts,
      StatusStates states,
      Outcomes outcomes,
      InstantSource clock) {
    return new EndedAttempts(
        transaction,
        states,
        outcomes,
        // As PostgreSQL keeps it.
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        locked(transaction, attempts),
        Origins.of(
            transaction,
            attempts.stream()
                .map(attempt -> CommitKey.of(attempt.claim().row()).ofCommit())
                .toList()));
  }

  /** In the order in which build states are recorded, so that neither waits for the other. */
  private static Map<StatusId, StatusRecord> locked(
      DSLContext transaction, Collection<StatusAttempt> attempts) {
    var given =
        StatusId.given(
            attempts.stream()
                .map(attempt -> attempt.claim().row())
                .sorted(comparing(CommitKey::of))
                .map(StatusId::of)
                .distinct()
                .toList());
    return transaction
        .select(STATUS.fields())
        .from(given.table())
        .join(STATUS)
        .on(StatusId.rows(given))
        .orderBy(given.number())
        .forUpdate()
        .of(STATUS)
        .fetchInto(STATUS)
        .stream()
        .collect(Collectors.toMap(StatusId::of, Function.identity()));
  }

  public ClaimState state(StatusAttempt attempt) {
    StatusRecord row = rows.get(attempt.claim().status());
    if (row == null || !row.getClaim().equals(attempt.claim().row().getClaim())) {
      return ClaimState.LOST;
    }
    return row.getWantedVersion() == attempt.desired().version()
        ? ClaimState.CURRENT
        : ClaimState.OVERTAKEN;
  }

  /**
   * The forge shows it.
   *
   * @param took from the record's arrival on the topic to the forge's answer
   */
  public void posted(StatusAttempt attempt, PostedStatus posted, int httpStatus, Duration took) {
    List<String> warnings = warnings(attempt, posted);
    StatusRecord row = changed(attempt);
    attempt.write(row, Progress.DELIVERED, OptionalInt.of(httpStatus));
    row.setWarnings(warnings.toArray(String[]::new));
    row.setShownState(posted.state());
    row.setShownAccount(posted.account().orElse(null));
    row.setShownAt(now);
    row.setDueAt(null);
    Optional<String> orphaned = attempt.desired().orphan().map(Orphan::warning);
    ends.add(
        new End(
            attempt,
            published(attempt, row),
            Result.DELIVERED,
            attempt.detail(
                OptionalInt.of(httpStatus),
                orphaned,
                // Which is of the report, and an orphan's has been answered long ago.
                orphaned.isPresent() ? Optional.empty() : Optional.of(took),
                warnings)));
  }

  private static List<String> warnings(StatusAttempt attempt, PostedStatus posted) {
    return Stream.of(
            attempt.desired().orphan().map(Orphan::warning).stream(),
            posted.warnings().stream(),
            KeyOwnership.warnings(attempt.claim().row()).stream())
        .flatMap(Function.identity())
        .toList();
  }

  /** The forge never will show it. */
  public void gaveUp(StatusAttempt attempt, OptionalInt httpStatus, String reason) {
    StatusRecord row = changed(attempt);
    attempt.write(row, Progress.FAILED, httpStatus);
    row.setReason(reason);
    row.setDueAt(null);
    ends.add(
        new End(
            attempt, published(attempt, row), Result.FAILED, attempt.because(httpStatus, reason)));
  }

  /** To be tried again; told where it waits for something else than before. */
  public void later(
      StatusAttempt attempt,
      WaitingFor waitingFor,
      OptionalInt httpStatus,
      String reason,
      Instant next) {
    StatusRecord row = changed(attempt);
    attempt.write(row, Progress.WAITING, httpStatus);
    row.setWaitingFor(EnumWord.word(waitingFor));
    row.setReason(reason);
    row.setDueAt(next.truncatedTo(ChronoUnit.MICROS));
    row.setWaitingUntil(waitingFor == WaitingFor.RATE_LIMIT ? row.getDueAt() : null);
    Subject subject = published(attempt, row);
    // Of an orphan only the end is told: the report's was.
    if (attempt.desired().orphan().isEmpty()
        && !attempt.desired().waitingFor().equals(Optional.of(waitingFor))) {
      outcomes.tell(transaction, subject, Result.WAITING, attempt.because(httpStatus, reason));
    }
  }

  /** The attempt was overtaken: what is wanted now may be posted from then on. */
  public void release(StatusAttempt attempt, Instant next) {
    StatusRecord row = changed(attempt);
    attempt.write(row);
    row.setDueAt(next.truncatedTo(ChronoUnit.MICROS));
  }

  /**
   * Something older may have been written over what others posted, or may yet be until then: theirs
   * is due once more.
   */
  public void wantAgain(StatusId status, Instant next) {
    StatusRecord row = rows.get(status);
    if (row != null) {
      StatusRows.wantAgain(row, now, next.truncatedTo(ChronoUnit.MICROS));
      changed.put(status, row);
    }
  }

  private StatusRecord changed(StatusAttempt attempt) {
    StatusId status = attempt.claim().status();
    StatusRecord row = Objects.requireNonNull(rows.get(status));
    changed.put(status, row);
    return row;
  }

  private Subject published(StatusAttempt attempt, StatusRecord row) {
    row.setVersion(row.getVersion() + 1);
    row.setChangedAt(now);
    Subject subject =
        StatusStates.subject(
            attempt.repository(),
            row,
            row.getEventId(),
            attempt.desired().build(),
            origins.of(attempt.repository().id(), attempt.desired().build()),
            attempt.desired().trace());
    states.publish(transaction, row, subject);
    return subject;
  }

  /** What was told before was posted again for safety's sake. */
  void write() {
    RowBatch.update(transaction, changed.values());
    Set<ReportId> settled =
        ReportedStates.settle(
            transaction,
            ends.stream()
                .filter(end -> end.attempt().desired().orphan().isEmpty())
                .map(End::report)
                .toList());
    ends.stream()
        .filter(end -> end.isTold(settled))
        .forEach(end -> outcomes.tell(transaction, end.subject(), end.result(), end.detail()));
  }
}
