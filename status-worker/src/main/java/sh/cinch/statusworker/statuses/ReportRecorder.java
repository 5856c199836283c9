package sh.cinch.statusworker.statuses;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.status.StatusKey;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.statusworker.outcome.Detail;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.outcome.Subject;

/**
 * What one batch brings for one key, on whichever refs. The lock on the key is the lock on its
 * reports, so the rules hold whichever partition or instance a report came through.
 */
final class ReportRecorder {

  private final KeyBatch batch;
  private final Repository repository;
  private final CommitKey key;
  private final StatusRows rows;
  private final ReportedStates reports;
  private final StatusStates states;
  private final Outcomes outcomes;

  /** Refs whose status had none until now: under their names nothing was published yet. */
  private final Set<String> named = new HashSet<>();

  /**
   * @param repository as it is called now
   */
  ReportRecorder(
      KeyBatch batch,
      Repository repository,
      CommitKey key,
      StatusStates states,
      Outcomes outcomes) {
    this.batch = batch;
    this.repository = repository;
    this.key = key;
    this.rows = new StatusRows(batch.transaction(), key, batch.now());
    this.reports = new ReportedStates(batch.transaction(), key);
    this.states = states;
    this.outcomes = outcomes;
  }

  /**
   * @return what each of them meant, by its event id
   */
  Map<String, ReportResult> record(List<ReceivedBuildState> arrivals) {
    KeyBatch.Known known = batch.known(key);
    Set<String> wanted = known.isNew() ? decide(known) : Set.of();
    Map<String, ReportResult> results = new HashMap<>();
    for (ReceivedBuildState arrival : arrivals) {
      String event = arrival.record().eventId();
      results.put(event, result(event, known.added(), wanted));
    }
    return results;
  }

  private static ReportResult result(String event, Set<String> added, Set<String> wanted) {
    if (!added.contains(event)) {
      return new ReportResult.Repeated();
    }
    return wanted.contains(event) ? new ReportResult.Newer() : new ReportResult.Superseded();
  }

  /**
   * The statuses whose builds are not over and were last heard of then or before are orphans'.
   *
   * @return how many
   */
  int orphan(Instant lastHeard) {
    List<StatusRecord> silent = rows.silent(lastHeard);
    silent.forEach(this::orphan);
    return silent.size();
  }

  private void orphan(StatusRecord row) {
    rows.orphan(row);
    batch.change(row);
    BuildReportRecord report = reports.find(row.getEventId());
    Subject subject = subject(row, report);
    states.publish(batch.transaction(), row, subject);
    // It waited all the time, and is not posted any more.
    if (reports.settle(report.getEventId())) {
      outcomes.tell(
          batch.transaction(),
          subject,
          Result.SUPERSEDED,
          Detail.because(Orphan.of(row).orElseThrow().warning()));
    }
  }

  /**
   * @return the events that are wanted, one of each status
   */
  private Set<String> decide(KeyBatch.Known of) {
    Set<String> changed = new HashSet<>(of.added());
    Map<String, StatusRecord> known = of.statuses();
    Map<String, BuildReportRecord> contenders =
        of.contending().stream()
            .collect(Collectors.toMap(BuildReportRecord::getEventId, Function.identity()));
    Map<String, List<ReportedState>> byRef =
        StatusRefs.byRef(reports.telling(List.copyOf(contenders.values())));
    nameTheNameless(known, byRef);
    of.former().ifPresent(status -> changed.addAll(takeOver(status, known, byRef)));
    Set<String> wanted = new HashSet<>();
    byRef.forEach(
        (ref, all) -> {
          List<ReportedState> ofRef =
              all.stream().filter(report -> contenders.containsKey(report.eventId())).toList();
          if (known.containsKey(ref)
              || ofRef.stream().anyMatch(report -> isNews(report, contenders, changed))) {
            wanted.add(decide(ref, ofRef, known, contenders, changed).eventId());
            batch.retire(outdated(ofRef).stream().map(event -> new ReportId(key, event)).toList());
          }
        });
    return wanted;
  }

  /** A report has brought the first ref: the status that had none is that ref's. */
  private void nameTheNameless(
      Map<String, StatusRecord> known, Map<String, List<ReportedState>> byRef) {
    StatusRecord nameless = known.get("");
    if (nameless != null && !byRef.containsKey("")) {
      String first =
          byRef.values().stream()
              .flatMap(List::stream)
              .filter(StatusRefs::namesRef)
              .min(BuildOrder.IN_TIME)
              .map(ReportedState::ref)
              .orElseThrow();
      states.forget(batch.transaction(), nameless);
      known.remove("");
      known.put(first, rows.name(nameless, first));
      named.add(first);
    }
  }

  /** Within what names the same ref, or none: that stays together wherever it belongs later. */
  private static List<String> outdated(List<ReportedState> ofRef) {
    return ofRef.stream().collect(Collectors.partitioningBy(StatusRefs::namesRef)).values().stream()
        .flatMap(
            some -> {
              Set<ReportedState> still = BuildOrder.contending(some);
              return some.stream().filter(report -> !still.contains(report));
            })
        .map(ReportedState::eventId)
        .toList();
  }

  /** Everything of a ref that has no status was told long ago: release 0.1.0 had one for all. */
  private static boolean isNews(
      ReportedState report, Map<String, BuildReportRecord> contenders, Set<String> changed) {
    return changed.contains(report.eventId()) || !one(contenders, report.eventId()).getSettled();
  }

  /**
   * A status goes on where release 0.1.0 left it; what its instances have recorded of one that was
   * moved over counts as just reported.
   *
   * @return the events that do
   */
  private List<String> takeOver(
      FormerStatus former,
      Map<String, StatusRecord> known,
      Map<String, List<ReportedState>> byRef) {
    if (known.isEmpty() && !former.isHeld()) {
      byRef.forEach(
          (ref, all) ->
              all.stream()
                  .filter(former::isWanted)
                  .forEach(wanted -> known.put(ref, rows.adopt(former.row(), wanted, ref))));
      return List.of();
    }
    if (former.mayHaveBeenPosted()) {
      known.values().stream()
          .filter(row -> row.getShownKey().equals(StatusKey.first(row.getStatusKey())))
          .forEach(
              row -> {
                StatusRows.wantAgain(row, batch.now(), batch.now());
                batch.change(row);
              });
    }
    return former.added();
  }

  private ReportedState decide(
      String ref,
      List<ReportedState> ofRef,
      Map<String, StatusRecord> known,
      Map<String, BuildReportRecord> contenders,
      Set<String> changed) {
    ReportedState wanted = BuildOrder.wanted(ofRef);
    String event = wanted.eventId();
    BuildReportRecord report = one(contenders, event);
    StatusRecord before = known.get(ref);
    boolean isHeard =
        ofRef.stream()
            .filter(each -> each.number().equals(wanted.number()))
            .anyMatch(each -> changed.contains(each.eventId()));
    boolean isNew =
        before == null
            || changed.contains(event)
            || !event.equals(before.getEventId())
            || (isHeard && before.getOrphanedAt() != null);
    StatusRecord row = before == null ? add(ref, wanted, known.isEmpty()) : before;
    known.put(ref, row);
    boolean isUnpublished = row.getVersion() == 0 || named.contains(ref);
    if (before != null) {
      if (isNew) {
        rows.want(row, wanted);
      } else if (isUnpublished) {
        rows.publish(row);
      }
      if (!isNew && !wanted.isFinal() && (isHeard || row.getHeardAt() == null)) {
        rows.heard(row);
      }
      batch.change(row);
    }
    if (isNew && report.getSettled()) {
      reports.unsettle(event);
    }
    if (isNew || isUnpublished) {
      batch.tell(() -> states.publish(batch.transaction(), row, subject(row, report)));
    }
    for (ReportedState other : ofRef) {
      BuildReportRecord contender = one(contenders, other.eventId());
      if (!contender.getSettled() && !other.eventId().equals(event)) {
        supersede(contender, row, other.number().equals(wanted.number()));
      }
    }
    return wanted;
  }

  private StatusRecord add(String ref, ReportedState wanted, boolean isFirst) {
    Iterator<String> keys = rows.shownKeys(ref, isFirst);
    StatusRecord row = rows.add(keys.next(), ref, wanted);
    batch.add(row, keys);
    return row;
  }

  private void supersede(BuildReportRecord report, StatusRecord row, boolean isOfTheSameBuild) {
    batch.settle(ReportId.of(report));
    batch.tell(
        () ->
            outcomes.tell(
                batch.transaction(),
                subject(row, report),
                Result.SUPERSEDED,
                Detail.because(
                    isOfTheSameBuild
                        ? "a newer state of the build is known"
                        : "a later build has this status")));
  }

  private Subject subject(StatusRecord row, BuildReportRecord report) {
    BuildState build = ReportedStates.build(report);
    return StatusStates.subject(
        repository,
        row,
        report.getEventId(),
        build,
        batch.origins().of(repository.id(), build),
        Traceparent.continued(report.getTraceparent()));
  }

  private static BuildReportRecord one(Map<String, BuildReportRecord> contenders, String event) {
    return Objects.requireNonNull(contenders.get(event));
  }
}
