package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.STATUS;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.forge.PostedStatus;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.ClaimState;
import sh.cinch.service.due.DueRows;
import sh.cinch.service.due.FairClaims;
import sh.cinch.service.due.Room;
import sh.cinch.service.text.EnumWord;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.outcome.Subject;

/** The rows of commit statuses: what each should show on the forge, and how far that is. */
public final class CommitStatuses {

  private final StatusStates states;
  private final Outcomes outcomes;
  private final InstantSource clock;
  private final DueRows<StatusRecord> due;
  private final FairClaims<StatusRecord> claims;

  public CommitStatuses(StatusStates states, Outcomes outcomes, InstantSource clock) {
    this.states = states;
    this.outcomes = outcomes;
    this.clock = clock;
    this.due = new DueRows<>(STATUS, STATUS.DUE_AT, STATUS.CLAIM, clock).first(STATUS.IS_FINAL);
    this.claims = new FairClaims<>(due, STATUS.REPOSITORY_ID);
  }

  /**
   * Records a batch. What is now wanted becomes due; what will never be posted is told to be
   * superseded.
   *
   * @return what each build state meant, by its event id
   */
  public Map<String, ReportResult> record(DSLContext transaction, List<ReceivedBuildState> batch) {
    // Always in one order, so that no two instances wait for each other's rows.
    TreeMap<CommitKey, List<ReceivedBuildState>> byKey =
        batch.stream()
            .collect(
                Collectors.groupingBy(ReceivedBuildState::key, TreeMap::new, Collectors.toList()));
    Map<String, ReportResult> results = new HashMap<>();
    byKey.forEach(
        (key, arrivals) ->
            results.putAll(
                recorder(transaction, arrivals.getLast().repository(), key).record(arrivals)));
    return results;
  }

  /** Of a batch what there is no room for, with the reasons: it must not be recorded. */
  public Map<ReceivedBuildState, String> objections(
      DSLContext transaction, List<ReceivedBuildState> batch) {
    return CommitRoom.objections(transaction, batch);
  }

  /**
   * What is under way of a repository ends: it was disconnected. In several transactions where it
   * is much.
   *
   * @param since when; what was reported later stays: it may be connected again
   */
  public void disconnected(Database database, Repository repository, Instant since) {
    boolean isMore = true;
    while (isMore) {
      isMore =
          database.transaction(
              transaction ->
                  new DisconnectedStatuses(
                          transaction, repository, since, states, outcomes, clock.instant())
                      .end());
    }
  }

  /** Moves over what release 0.1.0 has recorded of a key. */
  void move(DSLContext transaction, Repository repository, CommitKey key) {
    recorder(transaction, repository, key).record(List.of());
  }

  /**
   * Statuses of a key whose builds are not over and were last heard of then or before are orphans'.
   *
   * @return how many
   */
  int orphan(DSLContext transaction, Repository repository, CommitKey key, Instant lastHeard) {
    return recorder(transaction, repository, key).orphan(lastHeard);
  }

  private ReportRecorder recorder(DSLContext transaction, Repository repository, CommitKey key) {
    return new ReportRecorder(transaction, repository, key, states, outcomes, clock.instant());
  }

  /**
   * Takes statuses that are due, of each repository and credential its share, those that end a
   * build before others.
   *
   * @param hold for how long they are nobody else's
   */
  public List<StatusClaim> claim(DSLContext sql, Room room, Duration hold) {
    return claims.claim(sql, room, hold).stream().map(StatusClaim::new).toList();
  }

  /** What is wanted by now, which may be newer than when it was claimed. */
  public DesiredStatus desired(DSLContext sql, StatusClaim claim) {
    StatusRecord row = sql.fetchSingle(STATUS, claim.status().row());
    BuildReportRecord report = new ReportedStates(sql, key(row)).find(row.getEventId());
    return new DesiredStatus(
        claim.status(),
        row.getShownRef(),
        row.getWantedVersion(),
        ReportedStates.build(report),
        ReportedStates.incoming(report),
        Traceparent.continued(report.getTraceparent()),
        row.getAttempts(),
        RequestsJson.read(row.getRequests()),
        StatusStates.waitingFor(row),
        Orphan.of(row),
        row.getProgress().equals(EnumWord.word(Progress.DELIVERED)));
  }

  /**
   * Right before the first request for it, which is to be made with this credential.
   *
   * @return false where the claim had run out: then none must be made
   */
  public boolean begun(DSLContext sql, StatusClaim claim, UUID credential) {
    return new KeyOwnership(sql).begin(claim, credential);
  }

  /**
   * Another account made what the forge shows, and may alone change it: the status has another key
   * from now on.
   *
   * @return empty where the claim had run out
   */
  public Optional<StatusClaim> leaveKey(
      DSLContext transaction, StatusClaim claim, UUID credential) {
    return new KeyOwnership(transaction).leave(claim, credential);
  }

  /** Under the other key it is refused as well, so that one is of no use. */
  public StatusClaim goBackToKey(DSLContext transaction, StatusClaim left, StatusClaim taken) {
    return new KeyOwnership(transaction).goBack(left, taken);
  }

  /** Locks the row, so that it stands so until the transaction ends. */
  public ClaimState state(DSLContext transaction, StatusClaim claim, DesiredStatus attempted) {
    return new KeyOwnership(transaction)
        .held(claim)
        .map(
            row ->
                row.getWantedVersion() == attempted.version()
                    ? ClaimState.CURRENT
                    : ClaimState.OVERTAKEN)
        .orElse(ClaimState.LOST);
  }

  /**
   * The forge shows it.
   *
   * @param took from the record's arrival on the topic to the forge's answer
   */
  public void posted(
      DSLContext transaction,
      StatusAttempt attempt,
      PostedStatus posted,
      int httpStatus,
      Duration took) {
    Map<Field<?>, Object> changes = attempt.changes(Progress.DELIVERED, OptionalInt.of(httpStatus));
    List<String> warnings = warnings(attempt, posted);
    changes.put(STATUS.WARNINGS, warnings.toArray(String[]::new));
    changes.put(STATUS.SHOWN_STATE, posted.state());
    changes.put(STATUS.SHOWN_ACCOUNT, posted.account().orElse(null));
    changes.put(STATUS.SHOWN_AT, clock.instant());
    Subject subject = write(transaction, attempt, changes, null);
    // Otherwise that was told before: it was posted again for safety's sake.
    if (isToldNow(transaction, attempt)) {
      Optional<String> orphaned = attempt.desired().orphan().map(Orphan::warning);
      outcomes.tell(
          transaction,
          subject,
          Result.DELIVERED,
          attempt.detail(
              OptionalInt.of(httpStatus),
              orphaned,
              // Which is of the report, and an orphan's has been answered long ago.
              orphaned.isPresent() ? Optional.empty() : Optional.of(took),
              warnings));
    }
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
  public void gaveUp(
      DSLContext transaction, StatusAttempt attempt, OptionalInt httpStatus, String reason) {
    Map<Field<?>, Object> changes = attempt.changes(Progress.FAILED, httpStatus);
    changes.put(STATUS.REASON, reason);
    Subject subject = write(transaction, attempt, changes, null);
    if (isToldNow(transaction, attempt)) {
      outcomes.tell(transaction, subject, Result.FAILED, attempt.because(httpStatus, reason));
    }
  }

  /** To be tried again; told where it waits for something else than before. */
  public void later(
      DSLContext transaction,
      StatusAttempt attempt,
      WaitingFor waitingFor,
      OptionalInt httpStatus,
      String reason,
      Instant next) {
    Map<Field<?>, Object> changes = attempt.changes(Progress.WAITING, httpStatus);
    changes.put(STATUS.WAITING_FOR, EnumWord.word(waitingFor));
    changes.put(STATUS.WAITING_UNTIL, waitingFor == WaitingFor.RATE_LIMIT ? next : null);
    changes.put(STATUS.REASON, reason);
    Subject subject = write(transaction, attempt, changes, next);
    // Of an orphan only the end is told: the report's was.
    if (attempt.desired().orphan().isEmpty()
        && !attempt.desired().waitingFor().equals(Optional.of(waitingFor))) {
      outcomes.tell(transaction, subject, Result.WAITING, attempt.because(httpStatus, reason));
    }
  }

  /** The attempt was overtaken: what is wanted now may be posted from then on. */
  public void release(DSLContext transaction, StatusAttempt attempt, Instant next) {
    due.settle(transaction, attempt.claim().row(), attempt.written(), next);
  }

  /**
   * Something older may have been written over what others posted, or may yet be until then: theirs
   * is due once more.
   */
  public void wantAgain(DSLContext transaction, StatusId status, Instant next) {
    StatusRows.wantAgain(transaction, status, clock.instant(), next);
  }

  private Subject write(
      DSLContext transaction,
      StatusAttempt attempt,
      Map<Field<?>, Object> changes,
      @Nullable Instant next) {
    changes.putAll(StatusRows.changed(clock.instant()));
    due.settle(transaction, attempt.claim().row(), changes, next);
    StatusRecord row = transaction.fetchSingle(STATUS, attempt.claim().status().row());
    DesiredStatus desired = attempt.desired();
    Subject subject =
        StatusStates.subject(
            transaction,
            attempt.repository(),
            row,
            row.getEventId(),
            desired.build(),
            desired.trace());
    states.publish(transaction, row, subject);
    return subject;
  }

  private static boolean isToldNow(DSLContext transaction, StatusAttempt attempt) {
    DesiredStatus desired = attempt.desired();
    // What became of an orphan's report was told before; of the orphan it is told once.
    return desired.orphan().isPresent()
        ? !desired.isShown()
        : new ReportedStates(transaction, key(attempt.claim().row()))
            .settle(desired.record().eventId());
  }

  private static CommitKey key(StatusRecord row) {
    return new CommitKey(row.getRepositoryId(), row.getCommitHash(), row.getStatusKey());
  }

  /** How many statuses wait to be posted. */
  public int backlog(DSLContext sql) {
    return sql.fetchCount(STATUS, STATUS.DUE_AT.isNotNull());
  }

  /** For how long the one that waits longest has; zero where none does. */
  public Duration longestWait(DSLContext sql) {
    return sql.select(DSL.min(DSL.coalesce(STATUS.ORPHANED_AT, STATUS.WANTED_SINCE)))
        .from(STATUS)
        .where(STATUS.DUE_AT.isNotNull())
        // What is shown already is posted again for safety's sake.
        .and(STATUS.PROGRESS.ne(EnumWord.word(Progress.DELIVERED)))
        .fetchOptional(Record1::value1)
        .map(since -> Duration.between(since, clock.instant()))
        .filter(Duration::isPositive)
        .orElse(Duration.ZERO);
  }
}
