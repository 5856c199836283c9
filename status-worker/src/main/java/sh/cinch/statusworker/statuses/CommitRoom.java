package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.STATUS;
import static sh.cinch.schema.event.Shares.BUILD_STATES_OF_A_COMMIT;
import static sh.cinch.schema.event.Shares.STATUSES_OF_A_COMMIT;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * What of a batch a commit has room for. What is known already always has, and so has how a known
 * status ends; instances that record the same commit at once may exceed it by a batch.
 */
final class CommitRoom {

  private final Set<String> events;
  private final Set<Status> known;
  private int statuses;
  private int left;

  /** A record without ref belongs to whichever status its key has. */
  private record Status(String key, String ref) {}

  private CommitRoom(int left, Set<String> events, int statuses, Set<Status> known) {
    this.left = left;
    this.events = events;
    this.statuses = statuses;
    this.known = known;
  }

  static CommitRoom of(
      DSLContext sql, UUID repository, String commit, List<ReceivedBuildState> batch) {
    Condition reports =
        BUILD_REPORT.REPOSITORY_ID.eq(repository).and(BUILD_REPORT.COMMIT_HASH.eq(commit));
    int reported =
        sql.fetchCount(
            sql.select(DSL.one())
                .from(BUILD_REPORT)
                .where(reports)
                .limit(BUILD_STATES_OF_A_COMMIT));
    List<String> ids = batch.stream().map(one -> one.record().eventId()).toList();
    return new CommitRoom(
        BUILD_STATES_OF_A_COMMIT - reported,
        reported + batch.size() <= BUILD_STATES_OF_A_COMMIT
            ? Set.of()
            : sql.select(BUILD_REPORT.EVENT_ID)
                .from(BUILD_REPORT)
                .where(reports)
                .and(BUILD_REPORT.EVENT_ID.in(ids))
                .fetchSet(BUILD_REPORT.EVENT_ID),
        sql.fetchCount(
            sql.select(DSL.one())
                .from(STATUS)
                .where(STATUS.REPOSITORY_ID.eq(repository))
                .and(STATUS.COMMIT_HASH.eq(commit))
                .limit(STATUSES_OF_A_COMMIT)),
        known(sql, repository, commit, batch));
  }

  /** Of the keys of a batch: the statuses of its refs, and one where it names none. */
  private static Set<Status> known(
      DSLContext sql, UUID repository, String commit, List<ReceivedBuildState> batch) {
    Condition ofKeys =
        STATUS
            .REPOSITORY_ID
            .eq(repository)
            .and(STATUS.COMMIT_HASH.eq(commit))
            .and(STATUS.STATUS_KEY.in(batch.stream().map(one -> one.build().key()).toList()));
    Set<String> refs = batch.stream().map(one -> status(one).ref()).collect(Collectors.toSet());
    Set<Status> known =
        new HashSet<>(
            sql.select(STATUS.STATUS_KEY, STATUS.REF)
                .from(STATUS)
                .where(ofKeys)
                .and(STATUS.REF.eq("").or(STATUS.REF.in(refs)))
                .fetch(row -> new Status(row.value1(), row.value2())));
    if (refs.contains("")) {
      known.addAll(
          sql.select(STATUS.STATUS_KEY, DSL.min(STATUS.REF))
              .from(STATUS)
              .where(ofKeys)
              .groupBy(STATUS.STATUS_KEY)
              .fetch(row -> new Status(row.value1(), row.value2())));
    }
    return known;
  }

  private static Status status(ReceivedBuildState arrival) {
    return new Status(arrival.build().key(), Objects.requireNonNullElse(arrival.build().ref(), ""));
  }

  /** Why there is none for it; empty where there is. */
  Optional<String> objection(ReceivedBuildState arrival) {
    if (events.contains(arrival.record().eventId())) {
      return Optional.empty();
    }
    Status status = status(arrival);
    boolean isKnown = isKnown(status);
    if (isKnown && arrival.build().state().isFinal()) {
      return Optional.empty();
    }
    if (left <= 0) {
      return Optional.of(
          "the commit has %d build states, more are not kept of one but how its statuses end: report only what changes"
              .formatted(BUILD_STATES_OF_A_COMMIT));
    }
    if (!isKnown && statuses >= STATUSES_OF_A_COMMIT) {
      return Optional.of(
          "the commit has %d statuses, more are not kept of one: use fewer keys"
              .formatted(STATUSES_OF_A_COMMIT));
    }
    if (!isKnown) {
      statuses++;
    }
    known.add(status);
    left--;
    return Optional.empty();
  }

  /** The status that has no ref becomes that of the first ref. */
  private boolean isKnown(Status status) {
    return known.contains(status)
        || known.remove(new Status(status.key(), ""))
        || (status.ref().isEmpty()
            && known.stream().anyMatch(one -> one.key().equals(status.key())));
  }

  /** Of a batch, what there is no room for, with the reasons. */
  static Map<ReceivedBuildState, String> objections(
      DSLContext sql, List<ReceivedBuildState> batch) {
    record Commit(UUID repository, String commit) {}
    return batch.stream()
        .collect(
            Collectors.groupingBy(one -> new Commit(one.key().repository(), one.key().commit())))
        .entrySet()
        .stream()
        .flatMap(
            entry -> {
              CommitRoom room =
                  of(sql, entry.getKey().repository(), entry.getKey().commit(), entry.getValue());
              return entry.getValue().stream()
                  .flatMap(
                      one -> room.objection(one).map(reason -> Map.entry(one, reason)).stream());
            })
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
