package sh.cinch.statusworker.statuses;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.service.database.RowBatch;
import sh.cinch.statusworker.pushes.Origins;

/**
 * The keys that a transaction records something of: locked and read together, and written together.
 */
final class KeyBatch {

  private final DSLContext transaction;
  private final Instant now;
  private final Map<CommitKey, Known> known;
  private final Origins origins;
  private final FirstTurns turns;
  private final Map<StatusId, Added> added = new LinkedHashMap<>();
  private final Map<StatusId, StatusRecord> changed = new LinkedHashMap<>();
  private final List<Runnable> told = new ArrayList<>();
  private final List<ReportId> settled = new ArrayList<>();
  private final List<ReportId> retired = new ArrayList<>();

  /**
   * What is known of a key.
   *
   * @param former what release 0.1.0 has, where something of it is new
   * @param added the events that have just been recorded
   * @param statuses by their refs; to be changed in place
   * @param contending the reports that may still be wanted; none where nothing is new
   */
  record Known(
      Optional<FormerStatus> former,
      Set<String> added,
      Map<String, StatusRecord> statuses,
      List<BuildReportRecord> contending) {

    boolean isNew() {
      return former.isPresent() || !added.isEmpty();
    }
  }

  /**
   * A status that has no row yet.
   *
   * @param otherKeys that it may have on the forge, where another has its own
   */
  private record Added(StatusRecord row, Iterator<String> otherKeys) {

    void takeOtherKey() {
      row.setShownKey(otherKeys.next());
    }
  }

  private KeyBatch(
      DSLContext transaction,
      Instant now,
      Map<CommitKey, Known> known,
      Origins origins,
      FirstTurns turns) {
    this.transaction = transaction;
    this.now = now;
    this.known = known;
    this.origins = origins;
    this.turns = turns;
  }

  /**
   * Records the reports themselves.
   *
   * @param arrivals in an order that all instances have, so that none waits for another's rows
   */
  static KeyBatch of(
      DSLContext transaction,
      SortedMap<CommitKey, List<ReceivedBuildState>> arrivals,
      Instant now,
      FirstTurns turns) {
    List<CommitKey> keys = List.copyOf(arrivals.keySet());
    StatusRows.lock(transaction, keys);
    Map<CommitKey, FormerStatus> former = FormerStatus.move(transaction, keys);
    Map<CommitKey, Set<String>> added = add(transaction, arrivals.values());
    // Before the reports, since whoever posts them settles those.
    Map<CommitKey, Map<String, StatusRecord>> statuses = StatusRows.find(transaction, keys);
    List<CommitKey> news =
        keys.stream().filter(key -> former.containsKey(key) || added.containsKey(key)).toList();
    Map<CommitKey, List<BuildReportRecord>> contending =
        ReportedStates.contending(transaction, news);
    Map<CommitKey, Known> known = new HashMap<>();
    keys.forEach(
        key ->
            known.put(
                key,
                new Known(
                    Optional.ofNullable(former.get(key)),
                    added.getOrDefault(key, Set.of()),
                    new HashMap<>(statuses.getOrDefault(key, Map.of())),
                    contending.getOrDefault(key, List.of()))));
    return new KeyBatch(
        transaction,
        // As PostgreSQL keeps it.
        now.truncatedTo(ChronoUnit.MICROS),
        known,
        Origins.of(transaction, keys.stream().map(CommitKey::ofCommit).toList()),
        turns);
  }

  private static Map<CommitKey, Set<String>> add(
      DSLContext transaction, Collection<List<ReceivedBuildState>> arrivals) {
    List<ReceivedBuildState> all = arrivals.stream().flatMap(List::stream).toList();
    Set<ReportId> left = new HashSet<>(ReportedStates.add(transaction, all));
    Map<CommitKey, Set<String>> added = new HashMap<>();
    for (ReceivedBuildState arrival : all) {
      CommitKey key = arrival.key();
      String event = arrival.record().eventId();
      if (left.remove(new ReportId(key, event))
          || (arrival.isReplay() && new ReportedStates(transaction, key).replace(arrival))) {
        added.computeIfAbsent(key, one -> new HashSet<>()).add(event);
      }
    }
    return added;
  }

  DSLContext transaction() {
    return transaction;
  }

  Instant now() {
    return now;
  }

  Known known(CommitKey key) {
    return Objects.requireNonNull(known.get(key));
  }

  Origins origins() {
    return origins;
  }

  /**
   * @param otherKeys that it may have on the forge, where another status has its own
   */
  void add(StatusRecord row, Iterator<String> otherKeys) {
    add(new Added(row, otherKeys));
  }

  private void add(Added status) {
    while (added.putIfAbsent(StatusId.of(status.row()), status) != null) {
      status.takeOtherKey();
    }
  }

  void change(StatusRecord row) {
    changed.put(StatusId.of(row), row);
  }

  /** An outcome tells of it. */
  void settle(ReportId report) {
    settled.add(report);
  }

  void retire(Collection<ReportId> reports) {
    retired.addAll(reports);
  }

  /** Done once the statuses have their keys. */
  void tell(Runnable event) {
    told.add(event);
  }

  void write() {
    claim();
    insert();
    RowBatch.update(transaction, changed.values());
    Set<ReportId> unused = ReportedStates.settle(transaction, settled);
    ReportedStates.retire(transaction, retired);
    told.forEach(Runnable::run);
    changed.clear();
    settled.clear();
    retired.clear();
    told.clear();
  }

  /** What is due just now need not be looked for, where there is a turn for it. */
  private void claim() {
    List<StatusRecord> due =
        Stream.concat(added.values().stream().map(Added::row), changed.values().stream())
            .filter(row -> now.equals(row.getDueAt()))
            .toList();
    new FirstClaims(turns).claim(transaction, now, due, this::report);
  }

  private @Nullable BuildReportRecord report(StatusRecord wanting) {
    return known(CommitKey.of(wanting)).contending().stream()
        .filter(report -> report.getEventId().equals(wanting.getEventId()))
        .findFirst()
        .orElse(null);
  }

  private void insert() {
    while (!added.isEmpty()) {
      List<Added> some = List.copyOf(added.values());
      added.clear();
      Set<StatusId> inserted =
          StatusRows.insert(transaction, some.stream().map(Added::row).toList());
      for (Added status : some) {
        if (!inserted.contains(StatusId.of(status.row()))) {
          status.takeOtherKey();
          add(status);
        }
      }
    }
  }
}
