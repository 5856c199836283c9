package sh.cinch.statusworker.statuses;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
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

  private final DSLContext transaction;
  private final Repository repository;
  private final StatusRows rows;
  private final ReportedStates reports;
  private final StatusStates states;
  private final Outcomes outcomes;

  /**
   * @param repository as it is called now
   */
  ReportRecorder(
      DSLContext transaction,
      Repository repository,
      CommitKey key,
      StatusStates states,
      Outcomes outcomes,
      Instant now) {
    this.transaction = transaction;
    this.repository = repository;
    this.rows = new StatusRows(transaction, key, now);
    this.reports = new ReportedStates(transaction, key);
    this.states = states;
    this.outcomes = outcomes;
  }

  /**
   * @return what each of them meant, by its event id
   */
  Map<String, ReportResult> record(List<ReceivedBuildState> arrivals) {
    rows.lock();
    Optional<FormerStatus> former = FormerStatus.move(transaction, reports.key());
    Set<String> changed = new HashSet<>();
    Map<String, ReportResult> results = new HashMap<>();
    for (ReceivedBuildState arrival : arrivals) {
      if (reports.add(arrival) || (arrival.isReplay() && reports.replace(arrival))) {
        changed.add(arrival.record().eventId());
      }
      results.put(arrival.record().eventId(), new ReportResult.Repeated());
    }
    if (former.isPresent() || !changed.isEmpty()) {
      Set<String> wanted = decide(changed, former);
      changed.forEach(
          event ->
              results.put(
                  event,
                  wanted.contains(event)
                      ? new ReportResult.Newer()
                      : new ReportResult.Superseded()));
    }
    return results;
  }

  /**
   * The statuses whose builds are not over and were last heard of then or before are orphans'.
   *
   * @return how many
   */
  int orphan(Instant lastHeard) {
    // Under the lock, and with what release 0.1.0 may have recorded of the key.
    record(List.of());
    List<StatusRecord> silent = rows.silent(lastHeard);
    silent.stream().map(rows::orphan).forEach(this::tellOrphaned);
    return silent.size();
  }

  private void tellOrphaned(StatusRecord row) {
    BuildReportRecord report = reports.find(row.getEventId());
    Subject subject = subject(row, report);
    states.publish(transaction, row, subject);
    // It waited all the time, and is not posted any more.
    if (reports.settle(report.getEventId())) {
      outcomes.tell(
          transaction,
          subject,
          Result.SUPERSEDED,
          Detail.because(Orphan.of(row).orElseThrow().warning()));
    }
  }

  /**
   * @return the events that are wanted, one of each status
   */
  private Set<String> decide(Set<String> arrived, Optional<FormerStatus> former) {
    Set<String> changed = new HashSet<>(arrived);
    // First, since whoever posts them settles reports.
    Map<String, StatusRecord> known = new HashMap<>(rows.find());
    Map<String, BuildReportRecord> contenders =
        reports.contending().stream()
            .collect(Collectors.toMap(BuildReportRecord::getEventId, Function.identity()));
    Map<String, List<ReportedState>> byRef =
        StatusRefs.byRef(reports.telling(List.copyOf(contenders.values())));
    nameTheNameless(known, byRef);
    former.ifPresent(status -> changed.addAll(takeOver(status, known, byRef)));
    Set<String> wanted = new HashSet<>();
    List<String> retired = new ArrayList<>();
    byRef.forEach(
        (ref, all) -> {
          List<ReportedState> ofRef =
              all.stream().filter(report -> contenders.containsKey(report.eventId())).toList();
          if (known.containsKey(ref)
              || ofRef.stream().anyMatch(report -> isNews(report, contenders, changed))) {
            wanted.add(decide(ref, ofRef, known, contenders, changed).eventId());
            retired.addAll(outdated(ofRef));
          }
        });
    reports.retire(retired);
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
      states.forget(transaction, nameless);
      known.remove("");
      known.put(first, rows.name(nameless, first));
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
          .forEach(row -> StatusRows.wantAgain(transaction, StatusId.of(row), rows.now()));
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
    StatusRecord before = known.get(ref);
    StatusRecord row = before == null ? rows.add(ref, event, known.isEmpty()) : before;
    boolean isHeard =
        ofRef.stream()
            .filter(report -> report.number().equals(wanted.number()))
            .anyMatch(report -> changed.contains(report.eventId()));
    boolean isNew =
        before == null
            || changed.contains(event)
            || !event.equals(before.getEventId())
            || (isHeard && before.getOrphanedAt() != null);
    if (isNew) {
      row = rows.want(row, wanted);
      reports.unsettle(event);
    } else if (!wanted.isFinal() && (isHeard || row.getHeardAt() == null)) {
      row = rows.heard(row);
    }
    if (isNew || row.getVersion() == 0) {
      row = isNew ? row : rows.publish(row);
      states.publish(transaction, row, subject(row, one(contenders, event)));
    }
    known.put(ref, row);
    for (ReportedState report : ofRef) {
      BuildReportRecord contender = one(contenders, report.eventId());
      if (!contender.getSettled() && !report.eventId().equals(event)) {
        supersede(contender, row, report.number().equals(wanted.number()));
      }
    }
    return wanted;
  }

  private void supersede(BuildReportRecord report, StatusRecord row, boolean isOfTheSameBuild) {
    reports.settle(report.getEventId());
    outcomes.tell(
        transaction,
        subject(row, report),
        Result.SUPERSEDED,
        Detail.because(
            isOfTheSameBuild
                ? "a newer state of the build is known"
                : "a later build has this status"));
  }

  private Subject subject(StatusRecord row, BuildReportRecord report) {
    return StatusStates.subject(
        transaction,
        repository,
        row,
        report.getEventId(),
        ReportedStates.build(report),
        Traceparent.continued(report.getTraceparent()));
  }

  private static BuildReportRecord one(Map<String, BuildReportRecord> contenders, String event) {
    return Objects.requireNonNull(contenders.get(event));
  }
}
