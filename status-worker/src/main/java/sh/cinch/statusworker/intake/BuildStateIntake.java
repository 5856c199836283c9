package sh.cinch.statusworker.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jooq.DSLContext;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.intake.Recorder;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.outcome.Subject;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.ReceivedBuildState;
import sh.cinch.statusworker.statuses.ReportResult;

/** Records build states: the usable ones as commit statuses, the bad ones as dead letters. */
public final class BuildStateIntake implements Recorder<ReadRecord> {

  private final RecordReader reader;
  private final CommitStatuses statuses;
  private final Outcomes outcomes;
  private final DeadLetters deadLetters;
  private final MeterRegistry metrics;
  private final Runnable recorded;

  /**
   * @param recorded told after each batch: statuses may be due, outcomes may have to be sent
   */
  public BuildStateIntake(
      ConnectionDirectory connections,
      CommitStatuses statuses,
      Outcomes outcomes,
      DeadLetters deadLetters,
      MeterRegistry metrics,
      Runnable recorded) {
    this.reader = new RecordReader(connections);
    this.statuses = statuses;
    this.outcomes = outcomes;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.recorded = recorded;
  }

  @Override
  public ReadRecord read(Incoming record) {
    return reader.read(record);
  }

  @Override
  public void record(DSLContext transaction, List<ReadRecord> batch) {
    List<ReceivedBuildState> received = new ArrayList<>();
    for (ReadRecord read : batch) {
      switch (read) {
        case ReadRecord.Usable(ReceivedBuildState state) -> received.add(state);
        case ReadRecord.Bad(Incoming record, ReadRecord.Fault fault, String reason) -> {
          deadLetters.put(transaction, record, reason);
          deadLettered(fault).increment();
        }
        case ReadRecord.Unserved unserved -> unserved(transaction, unserved);
      }
    }
    statuses.record(transaction, received).values().forEach(this::count);
  }

  @Override
  public void recorded() {
    recorded.run();
  }

  /** No dead letter: a person disconnected it, and there is nothing to mend. */
  private void unserved(DSLContext transaction, ReadRecord.Unserved unserved) {
    outcomes.failed(
        transaction,
        new Subject(
            unserved.repository(),
            unserved.build().commit(),
            unserved.build().key(),
            unserved.record().eventId(),
            0,
            unserved.record().trace()),
        OptionalInt.empty(),
        0,
        "the repository is not connected with Cinch any more");
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

  private Counter deadLettered(ReadRecord.Fault fault) {
    return metrics.counter(
        "cinch.status.dead.letters", "reason", fault.name().toLowerCase(Locale.ROOT));
  }
}
