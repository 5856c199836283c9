package sh.cinch.statusworker.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jooq.DSLContext;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.Limits;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.intake.EventReader;
import sh.cinch.service.intake.ReadEvent;
import sh.cinch.service.intake.ReadEvent.Bad;
import sh.cinch.service.intake.ReadEvent.Fault;
import sh.cinch.service.intake.ReadEvent.Served;
import sh.cinch.service.intake.ReadEvent.Unserved;
import sh.cinch.service.intake.Recorder;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.statusworker.outcome.Detail;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.outcome.Subject;
import sh.cinch.statusworker.pushes.Origin;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.FirstTurns;
import sh.cinch.statusworker.statuses.ReceivedBuildState;
import sh.cinch.statusworker.statuses.ReportResult;

/** Records build states: the usable ones as commit statuses, the bad ones as dead letters. */
public final class BuildStateIntake implements Recorder<ReadEvent<BuildState>> {

  private final EventReader<BuildState> reader;
  private final CommitStatuses statuses;
  private final Outcomes outcomes;
  private final DeadLetters deadLetters;
  private final MeterRegistry metrics;
  private final FirstTurns turns;
  private final Runnable recorded;

  /**
   * @param turns for statuses that are due; told, too, where some are left to be looked for
   * @param recorded told after each batch: outcomes may have to be sent
   */
  public BuildStateIntake(
      ConnectionDirectory connections,
      CommitStatuses statuses,
      Outcomes outcomes,
      DeadLetters deadLetters,
      MeterRegistry metrics,
      FirstTurns turns,
      Runnable recorded) {
    this.reader = new EventReader<>(BuildState.class, BuildState::repository, connections);
    this.statuses = statuses;
    this.outcomes = outcomes;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.turns = turns;
    this.recorded = recorded;
  }

  @Override
  public ReadEvent<BuildState> read(Incoming record) {
    ReadEvent<BuildState> read = reader.read(record);
    return read instanceof Served<BuildState> served
        ? Limits.tooOld("occurredAt", served.event().occurredAt(), record.brokerTime())
            .<ReadEvent<BuildState>>map(reason -> new Bad<>(record, Fault.TOO_OLD, reason))
            .orElse(read)
        : read;
  }

  @Override
  public void record(DSLContext transaction, List<ReadEvent<BuildState>> batch) {
    List<ReceivedBuildState> received = new ArrayList<>();
    for (ReadEvent<BuildState> read : batch) {
      switch (read) {
        case Served<BuildState>(Incoming record, Repository repository, BuildState build) ->
            received.add(new ReceivedBuildState(repository, build, record));
        case Bad<BuildState>(Incoming record, Fault fault, String reason) -> {
          deadLetters.put(transaction, record, reason);
          deadLettered(fault).increment();
        }
        // No dead letter: a person disconnected it, and there is nothing to mend.
        case Unserved<BuildState>(Incoming record, Repository repository, BuildState build) ->
            tellFailed(
                transaction,
                new ReceivedBuildState(repository, build, record),
                "the repository is not connected with Cinch any more");
      }
    }
    statuses
        .objections(transaction, received)
        .forEach(
            (state, reason) -> {
              received.remove(state);
              deadLetters.put(transaction, state.record(), reason);
              tellFailed(transaction, state, reason);
              deadLettered(Fault.REFUSED).increment();
            });
    statuses.record(transaction, received, turns).values().forEach(this::count);
  }

  /** Of what will have no status. */
  private void tellFailed(DSLContext transaction, ReceivedBuildState state, String reason) {
    BuildState build = state.build();
    Incoming record = state.record();
    outcomes.tell(
        transaction,
        new Subject(
            state.repository(),
            build,
            build.ref(),
            null,
            Origin.of(transaction, state.repository().id(), build),
            record.eventId(),
            0,
            record.trace()),
        Result.FAILED,
        Detail.because(reason));
  }

  @Override
  public void recorded() {
    recorded.run();
  }

  private void count(ReportResult result) {
    String tag =
        switch (result) {
          case ReportResult.Newer() -> "newer";
          case ReportResult.Superseded() -> "superseded";
          case ReportResult.Repeated() -> "repeated";
        };
    metrics.counter("cinch.status.reports", "meaning", tag).increment();
  }

  private Counter deadLettered(Fault fault) {
    return metrics.counter(
        "cinch.status.dead.letters", "reason", fault.name().toLowerCase(Locale.ROOT));
  }
}
