package sh.cinch.statusworker.statuses;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.ForgeRequest;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.text.EnumWord;
import sh.cinch.service.trace.Traceparent;

/**
 * What a status should show.
 *
 * @param shownRef what all its posts say was built; null: nothing
 * @param version grows whenever something else is wanted
 * @param record that asked for it, as it came
 * @param requests made for this version so far
 * @param waitingFor what it was last said to wait for
 * @param orphan where nothing was heard of the build for long: that is to be shown instead
 * @param isShown whether the forge has confirmed this version before
 */
public record DesiredStatus(
    StatusId status,
    @Nullable String shownRef,
    long version,
    BuildState build,
    Incoming record,
    Traceparent trace,
    int attempts,
    List<ForgeRequest> requests,
    Optional<WaitingFor> waitingFor,
    Optional<Orphan> orphan,
    boolean isShown) {

  static DesiredStatus of(StatusRecord row, BuildReportRecord report) {
    return new DesiredStatus(
        StatusId.of(row),
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

  /** The same, asked for where the status is by now. */
  public DesiredStatus at(StatusId other) {
    return new DesiredStatus(
        other,
        shownRef,
        version,
        build,
        record,
        trace,
        attempts,
        requests,
        waitingFor,
        orphan,
        isShown);
  }
}
