package sh.cinch.statusworker.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jooq.DSLContext;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.intake.Recorder;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.outcome.Subject;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.ReceivedBuildState;
import sh.cinch.statusworker.statuses.ReportResult;

/** Records build states: the usable ones on the board, the bad ones as dead letters. */
public final class BuildStateIntake implements Recorder {

  private final RecordReader reader;
  private final CommitStatuses board;
  private final Outcomes outcomes;
  private final DeadLetters deadLetters;
  private final MeterRegistry metrics;
  private final Runnable recorded;

  /**
   * @param recorded told after each batch: statuses may be due, outcomes may have to be sent
   */
  public BuildStateIntake(
      ConnectionDirectory connections,
      CommitStatuses board,
      Outcomes outcomes,
      DeadLetters deadLetters,
      MeterRegistry metrics,
      Runnable recorded) {
    this.reader = new RecordReader(connections);
    this.board = board;
    this.outcomes = outcomes;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.recorded = recorded;
  }

  @Override
  public void record(DSLContext transaction, List<Incoming> batch) {
    List<ReceivedBuildState> arrivals = new ArrayList<>();
    for (Incoming record : batch) {
      switch (reader.read(record)) {
        case ReadRecord.Usable(ReceivedBuildState arrival) -> arrivals.add(arrival);
        case ReadRecord.Bad(ReadRecord.Fault fault, String reason) -> {
          deadLetters.put(transaction, record, reason);
          deadLettered(fault).increment();
        }
        case ReadRecord.Unserved(Repository repository, BuildState build) ->
            unserved(transaction, record, repository, build);
      }
    }
    board.record(transaction, arrivals).values().forEach(this::count);
  }

  @Override
  public void recorded() {
    recorded.run();
  }

  /** No dead letter: to disconnect was somebody's wish, and there is nothing to mend. */
  private void unserved(
      DSLContext transaction, Incoming record, Repository repository, BuildState build) {
    outcomes.failed(
        transaction,
        new Subject(
            repository,
            build.commit(),
            build.key(),
            record.eventId(),
            0,
            Traceparent.continued(record.header(Traceparent.HEADER).orElse(null))),
        OptionalInt.empty(),
        0,
        "the repository is not connected with Cinch any more");
  }

  private void count(ReportResult meaning) {
    String tag =
        switch (meaning) {
          case ReportResult.Newer() -> "newer";
          case ReportResult.Superseded() -> "superseded";
          case ReportResult.Repeated() -> "repeated";
        };
    metrics.counter("cinch.status.reports", "meaning", tag).increment();
  }

  private Counter deadLettered(ReadRecord.Fault fault) {
    return metrics.counter(
        "cinch.status.dead.letters", "reason", fault.name().toLowerCase(Locale.ROOT));
  }
}
