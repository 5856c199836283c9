package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;
import static sh.cinch.database.status_worker.Tables.STATUS;
import static sh.cinch.schema.event.Shares.BUILD_STATES_OF_A_COMMIT;
import static sh.cinch.schema.event.Shares.STATUSES_OF_A_COMMIT;

import java.util.HashMap;
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
import org.jooq.Field;
import org.jooq.Select;
import org.jooq.impl.DSL;
import sh.cinch.service.database.Given;
import sh.cinch.statusworker.pushes.Origins.Commit;

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

  /** Of the commits of a batch, looked at together. */
  private static Map<Commit, CommitRoom> of(
      DSLContext sql, Map<Commit, List<ReceivedBuildState>> batch) {
    Map<Commit, Set<Status>> known = known(sql, batch);
    Given<Commit> given =
        new Given<>(batch.keySet())
            .with(STATUS.REPOSITORY_ID, Commit::repository)
            .with(STATUS.COMMIT_HASH, Commit::hash);
    Field<UUID> repository = given.field(STATUS.REPOSITORY_ID);
    Field<String> hash = given.field(STATUS.COMMIT_HASH);
    Field<Integer> reports =
        count(
            DSL.selectOne()
                .from(BUILD_REPORT)
                .where(BUILD_REPORT.REPOSITORY_ID.eq(repository))
                .and(BUILD_REPORT.COMMIT_HASH.eq(hash))
                .limit(BUILD_STATES_OF_A_COMMIT));
    Field<Integer> statuses =
        count(
            DSL.selectOne()
                .from(STATUS)
                .where(STATUS.REPOSITORY_ID.eq(repository))
                .and(STATUS.COMMIT_HASH.eq(hash))
                .limit(STATUSES_OF_A_COMMIT));
    Map<Commit, CommitRoom> rooms = new HashMap<>();
    sql.select(repository, hash, reports, statuses)
        .from(given.table())
        .forEach(
            row -> {
              Commit commit = new Commit(row.value1(), row.value2());
              rooms.put(
                  commit,
                  new CommitRoom(
                      BUILD_STATES_OF_A_COMMIT - row.value3(),
                      events(sql, row.value3(), commit, batch.getOrDefault(commit, List.of())),
                      row.value4(),
                      known.getOrDefault(commit, new HashSet<>())));
            });
    return rooms;
  }

  private static Field<Integer> count(Select<?> rows) {
    return DSL.field(DSL.selectCount().from(rows));
  }

  /** Those of a batch that were recorded before; none where there is room for all. */
  private static Set<String> events(
      DSLContext sql, int reported, Commit commit, List<ReceivedBuildState> batch) {
    return reported + batch.size() <= BUILD_STATES_OF_A_COMMIT
        ? Set.of()
        : sql.select(BUILD_REPORT.EVENT_ID)
            .from(BUILD_REPORT)
            .where(BUILD_REPORT.REPOSITORY_ID.eq(commit.repository()))
            .and(BUILD_REPORT.COMMIT_HASH.eq(commit.hash()))
            .and(
                BUILD_REPORT.EVENT_ID.in(
                    batch.stream().map(one -> one.record().eventId()).toList()))
            .fetchSet(BUILD_REPORT.EVENT_ID);
  }

  /** Of the keys of a batch: the statuses of its refs, and one where it names none. */
  private static Map<Commit, Set<Status>> known(
      DSLContext sql, Map<Commit, List<ReceivedBuildState>> batch) {
    Given<ReceivedBuildState> given =
        new Given<>(batch.values().stream().flatMap(List::stream).toList())
            .with(STATUS.REPOSITORY_ID, one -> one.key().repository())
            .with(STATUS.COMMIT_HASH, one -> one.key().commit())
            .with(STATUS.STATUS_KEY, one -> one.key().key())
            .with(STATUS.REF, one -> status(one).ref());
    Field<String> ref = given.field(STATUS.REF);
    Condition ofKey = given.is(STATUS.REPOSITORY_ID, STATUS.COMMIT_HASH, STATUS.STATUS_KEY);
    Map<Commit, Set<Status>> known = new HashMap<>();
    sql.selectDistinct(STATUS.REPOSITORY_ID, STATUS.COMMIT_HASH, STATUS.STATUS_KEY, STATUS.REF)
        .from(given.table())
        .join(STATUS)
        .on(ofKey)
        .and(STATUS.REF.eq("").or(STATUS.REF.eq(ref)))
        .union(
            DSL.select(
                    STATUS.REPOSITORY_ID,
                    STATUS.COMMIT_HASH,
                    STATUS.STATUS_KEY,
                    DSL.min(STATUS.REF))
                .from(given.table())
                .join(STATUS)
                .on(ofKey)
                .where(ref.eq(""))
                .groupBy(STATUS.REPOSITORY_ID, STATUS.COMMIT_HASH, STATUS.STATUS_KEY))
        .forEach(
            row ->
                known
                    .computeIfAbsent(
                        new Commit(row.value1(), row.value2()), commit -> new HashSet<>())
                    .add(new Status(row.value3(), row.value4())));
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
    if (batch.isEmpty()) {
      return Map.of();
    }
    Map<Commit, List<ReceivedBuildState>> byCommit =
        batch.stream().collect(Collectors.groupingBy(one -> one.key().ofCommit()));
    Map<ReceivedBuildState, String> objections = new HashMap<>();
    of(sql, byCommit)
        .forEach(
            (commit, room) ->
                byCommit
                    .getOrDefault(commit, List.of())
                    .forEach(
                        one ->
                            room.objection(one).ifPresent(reason -> objections.put(one, reason))));
    return objections;
  }
}
