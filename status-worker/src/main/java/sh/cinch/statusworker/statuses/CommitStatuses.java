package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.STATUS;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.impl.DSL;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.DueRows;
import sh.cinch.service.due.FairClaims;
import sh.cinch.service.due.Room;
import sh.cinch.service.text.EnumWord;
import sh.cinch.statusworker.outcome.Outcomes;

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
   * @param turns for what is due with it
   * @return what each build state meant, by its event id
   */
  public Map<String, ReportResult> record(
      DSLContext transaction, List<ReceivedBuildState> batch, FirstTurns turns) {
    // Always in one order, so that no two instances wait for each other's rows.
    TreeMap<CommitKey, List<ReceivedBuildState>> byKey =
        batch.stream()
            .collect(
                Collectors.groupingBy(ReceivedBuildState::key, TreeMap::new, Collectors.toList()));
    if (byKey.isEmpty()) {
      return Map.of();
    }
    KeyBatch keys = KeyBatch.of(transaction, byKey, clock.instant(), turns);
    Map<String, ReportResult> results = new HashMap<>();
    byKey.forEach(
        (key, arrivals) ->
            results.putAll(recorder(keys, arrivals.getLast().repository(), key).record(arrivals)));
    keys.write();
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
    KeyBatch unused = moved(transaction, repository, key);
  }

  private KeyBatch moved(DSLContext transaction, Repository repository, CommitKey key) {
    KeyBatch keys =
        KeyBatch.of(
            transaction, new TreeMap<>(Map.of(key, List.of())), clock.instant(), FirstTurns.NONE);
    Map<String, ReportResult> unused = recorder(keys, repository, key).record(List.of());
    keys.write();
    return keys;
  }

  /**
   * Statuses of a key whose builds are not over and were last heard of then or before are orphans'.
   *
   * @return how many
   */
  int orphan(DSLContext transaction, Repository repository, CommitKey key, Instant lastHeard) {
    // With what release 0.1.0 may have recorded of the key.
    KeyBatch keys = moved(transaction, repository, key);
    int many = recorder(keys, repository, key).orphan(lastHeard);
    keys.write();
    return many;
  }

  private ReportRecorder recorder(KeyBatch keys, Repository repository, CommitKey key) {
    return new ReportRecorder(keys, repository, key, states, outcomes);
  }

  /**
   * Takes statuses that are due, of each repository and credential its share, those that end a
   * build before others.
   *
   * @param transaction until it ends nobody can want anything else of them
   * @param hold for how long they are nobody else's
   */
  public List<StatusClaim> claim(DSLContext transaction, Room room, Duration hold) {
    List<StatusRecord> claimed = claims.claim(transaction, room, hold);
    if (claimed.isEmpty()) {
      return List.of();
    }
    Map<ReportId, BuildReportRecord> wanted = ReportedStates.wantedBy(transaction, claimed);
    return claimed.stream()
        .flatMap(row -> StatusClaim.of(row, wanted.get(ReportId.wantedBy(row))).stream())
        .toList();
  }

  /**
   * What is wanted by now, which may be newer than when it was claimed.
   *
   * @throws IllegalStateException where its row is no more
   */
  public DesiredStatus desired(DSLContext sql, StatusId status) {
    // Read as of one moment: what is wanted no more is dropped.
    Record both =
        sql.select(STATUS.fields())
            .select(BUILD_REPORT.fields())
            .from(STATUS)
            .join(BUILD_REPORT)
            .on(ReportId.isWanted())
            .where(status.row())
            .fetchOptional()
            .orElseThrow(() -> new IllegalStateException("no status " + status));
    return DesiredStatus.of(both.into(STATUS), both.into(BUILD_REPORT));
  }

  /**
   * Right before the first request for each, which is to be made with this credential.
   *
   * @return those whose claims still hold: for the others none must be made
   */
  public List<StatusClaim> begin(DSLContext sql, Map<StatusClaim, UUID> first) {
    return new KeyOwnership(sql).begin(first);
  }

  /**
   * Writes down that another credential than wrote a status last is to post it.
   *
   * @return whether the claim still holds: else no request must be made
   */
  public boolean perhapsBy(DSLContext sql, StatusClaim claim, UUID credential) {
    return new KeyOwnership(sql).perhaps(claim, credential);
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

  /**
   * Settles attempts that ended, those of one transaction together.
   *
   * @param how what came of each; called once, with their rows locked
   */
  public void settle(
      DSLContext transaction, Collection<StatusAttempt> attempts, Consumer<EndedAttempts> how) {
    EndedAttempts ended = EndedAttempts.of(transaction, attempts, states, outcomes, clock);
    how.accept(ended);
    ended.write();
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
