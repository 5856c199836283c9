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
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.release.DownloadNames;
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

/** Records requests: the usable ones as releases, the bad ones as dead letters. */
public final class ReleaseIntake implements Recorder<ReadEvent<ReleaseRequest>> {

  private final EventReader<ReleaseRequest> reader;
  private final Function<String, Optional<String>> sourceObjection;
  private final long largest;
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
    this.reader = new EventReader<>(ReleaseRequest.class, ReleaseRequest::repository, connections);
    this.sourceObjection = sourceObjection;
    this.largest = largest;
    this.releases = releases;
    this.outcomes = outcomes;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.recorded = recorded;
  }

  @Override
  public ReadEvent<ReleaseRequest> read(Incoming record) {
    return reader.read(record);
  }

  @Override
  public void record(DSLContext transaction, List<ReadEvent<ReleaseRequest>> batch) {
    for (ReadEvent<ReleaseRequest> read : batch) {
      switch (read) {
        case Served<ReleaseRequest>(Incoming record, Repository repository, var request) ->
            record(transaction, record, repository, request);
        case Unserved<ReleaseRequest>(Incoming record, Repository repository, var request) ->
            failed(
                transaction,
                record,
                repository,
                request,
                "the repository is not connected with Cinch any more");
        case Bad<ReleaseRequest>(Incoming record, Fault fault, String reason) ->
            deadLetter(transaction, record, fault, reason);
      }
    }
  }

  @Override
  public void recorded() {
    recorded.run();
  }

  /** One that cannot be carried out is also put away, for a person to mend. */
  private void record(
      DSLContext transaction, Incoming record, Repository repository, ReleaseRequest request) {
    DownloadNames names;
    try {
      request.files().forEach(this::requireSendable);
      names = DownloadNames.of(request);
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage());
      failed(transaction, record, repository, request, reason);
      deadLetter(transaction, record, Fault.REFUSED, reason);
      return;
    }
    releases.record(transaction, new ReceivedRelease(repository, request, names, record));
  }

  /**
   * @throws IllegalArgumentException for whoever asked: why it can never be sent
   */
  private void requireSendable(ReleaseRequest.File file) {
    if (file.size() > largest) {
      throw new IllegalArgumentException(
          "%s has %d bytes; at most %d are released (CINCH_RELEASE_LARGEST_MIB)"
              .formatted(file.name(), file.size(), largest));
    }
    sourceObjection
        .apply(file.source())
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(
                  "%s cannot be fetched: %s".formatted(file.name(), reason));
            });
  }

  private void failed(
      DSLContext transaction,
      Incoming record,
      Repository repository,
      ReleaseRequest request,
      String reason) {
    outcomes.release(
        transaction,
        new Subject(
            repository, request.commit(), request.tag(), record.eventId(), 0, record.trace()),
        Result.FAILED,
        Detail.because(reason));
  }

  private void deadLetter(DSLContext transaction, Incoming record, Fault fault, String reason) {
    deadLetters.put(transaction, record, reason);
    metrics
        .counter("cinch.release.dead.letters", "reason", fault.name().toLowerCase(Locale.ROOT))
        .increment();
  }
}
