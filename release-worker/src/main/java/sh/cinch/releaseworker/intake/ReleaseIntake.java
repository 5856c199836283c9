package sh.cinch.releaseworker.intake;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import sh.cinch.releaseworker.outcome.Detail;
import sh.cinch.releaseworker.outcome.Outcomes;
import sh.cinch.releaseworker.outcome.Subject;
import sh.cinch.releaseworker.releases.ReceivedRelease;
import sh.cinch.releaseworker.releases.Releases;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.intake.Recorder;
import sh.cinch.service.kafka.Incoming;

/** Records requests: the usable ones as releases, the bad ones as dead letters. */
public final class ReleaseIntake implements Recorder<ReadRecord> {

  private final RecordReader reader;
  private final Releases releases;
  private final Outcomes outcomes;
  private final DeadLetters deadLetters;
  private final MeterRegistry metrics;
  private final Runnable recorded;

  /**
   * @param sourceObjection why a source can never be used
   * @param largest bytes that a file may have
   * @param recorded told after each batch: releases may be due, outcomes may have to be sent
   */
  public ReleaseIntake(
      ConnectionDirectory connections,
      Function<String, Optional<String>> sourceObjection,
      long largest,
      Releases releases,
      Outcomes outcomes,
      DeadLetters deadLetters,
      MeterRegistry metrics,
      Runnable recorded) {
    this.reader = new RecordReader(connections, sourceObjection, largest);
    this.releases = releases;
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
    for (ReadRecord read : batch) {
      switch (read) {
        case ReadRecord.Usable(ReceivedRelease received) -> releases.record(transaction, received);
        case ReadRecord.Bad(Incoming record, ReadRecord.Fault fault, String reason) ->
            deadLetter(transaction, record, fault, reason);
        case ReadRecord.Refused refused -> refuse(transaction, refused);
      }
    }
  }

  @Override
  public void recorded() {
    recorded.run();
  }

  private void refuse(DSLContext transaction, ReadRecord.Refused refused) {
    outcomes.release(
        transaction,
        new Subject(
            refused.repository(),
            refused.request().commit(),
            refused.request().tag(),
            refused.record().eventId(),
            0,
            refused.record().trace()),
        Result.FAILED,
        Detail.because(refused.reason()));
    if (refused.mendable()) {
      deadLetter(transaction, refused.record(), ReadRecord.Fault.REFUSED, refused.reason());
    }
  }

  private void deadLetter(
      DSLContext transaction, Incoming record, ReadRecord.Fault fault, String reason) {
    deadLetters.put(transaction, record, reason);
    metrics
        .counter("cinch.release.dead.letters", "reason", fault.name().toLowerCase(Locale.ROOT))
        .increment();
  }
}
