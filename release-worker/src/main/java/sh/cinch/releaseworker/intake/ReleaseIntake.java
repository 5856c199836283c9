package sh.cinch.releaseworker.intake;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import sh.cinch.releaseworker.outcome.Detail;
import sh.cinch.releaseworker.outcome.Outcomes;
import sh.cinch.releaseworker.releases.ReceivedRelease;
import sh.cinch.releaseworker.releases.Release;
import sh.cinch.releaseworker.releases.ReleaseCompletion;
import sh.cinch.releaseworker.releases.ReleaseStates;
import sh.cinch.releaseworker.releases.Releases;
import sh.cinch.schema.event.Limits;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.Shares;
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
  private final ReleaseStates states;
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
      ReleaseStates states,
      Outcomes outcomes,
      DeadLetters deadLetters,
      MeterRegistry metrics,
      Runnable recorded) {
    this.reader = new EventReader<>(ReleaseRequest.class, ReleaseRequest::repository, connections);
    this.sourceObjection = sourceObjection;
    this.largest = largest;
    this.releases = releases;
    this.states = states;
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
        case Served<ReleaseRequest>(Incoming record, Repository repository, var request) -> {
          ReceivedRelease received =
              unlessTooMany(transaction, received(record, repository, request));
          if (record(transaction, received)) {
            // For a person to mend.
            received
                .objection()
                .ifPresent(reason -> deadLetter(transaction, record, Fault.REFUSED, reason));
          }
        }
        case Unserved<ReleaseRequest>(Incoming record, Repository repository, var request) ->
            record(
                transaction,
                received(record, repository, request)
                    .refused("the repository is not connected with Cinch any more"));
        case Bad<ReleaseRequest>(Incoming record, Fault fault, String reason) ->
            deadLetter(transaction, record, fault, reason);
      }
    }
  }

  @Override
  public void recorded() {
    recorded.run();
  }

  private ReceivedRelease received(Incoming record, Repository repository, ReleaseRequest request) {
    Optional<String> objection =
        tooOld(record)
            .or(
                () ->
                    request.files().stream().flatMap(file -> objection(file).stream()).findFirst());
    try {
      return new ReceivedRelease(
          record, repository, request, Optional.of(DownloadNames.of(request)), objection);
    } catch (IllegalArgumentException e) {
      return new ReceivedRelease(
          record,
          repository,
          request,
          Optional.empty(),
          objection.or(() -> Optional.ofNullable(e.getMessage())));
    }
  }

  private ReceivedRelease unlessTooMany(DSLContext transaction, ReceivedRelease received) {
    return received.objection().isPresent()
            || releases.hasRoom(transaction, received.repository().id())
        ? received
        : received.refused(
            "%d releases of the repository are under way: wait until one has ended"
                .formatted(Shares.RELEASES_UNDER_WAY));
  }

  /** By the time that its sender put on it; without one it is as old as its record. */
  private static Optional<String> tooOld(Incoming record) {
    try {
      return record
          .header("ce_time")
          .map(time -> OffsetDateTime.parse(time).toInstant())
          .flatMap(time -> Limits.tooOld("ce_time", time, record.brokerTime()));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Why it can never be sent, for whoever asked. */
  private Optional<String> objection(ReleaseRequest.File file) {
    return file.size() > largest
        ? Optional.of(
            "%s has %d bytes; at most %d are released (CINCH_RELEASE_LARGEST_MIB)"
                .formatted(file.name(), file.size(), largest))
        : sourceObjection
            .apply(file.source())
            .map(reason -> "%s cannot be fetched: %s".formatted(file.name(), reason));
  }

  /**
   * @return false where it was recorded before: then all was told
   */
  private boolean record(DSLContext transaction, ReceivedRelease received) {
    if (!releases.record(transaction, received)) {
      return false;
    }
    Release release = releases.find(transaction, received.record().eventId());
    received
        .objection()
        .ifPresent(
            reason ->
                outcomes.release(
                    transaction,
                    ReleaseCompletion.subject(release, received.repository()),
                    Result.FAILED,
                    Detail.because(reason)));
    states.publish(transaction, release.id(), received.repository());
    return true;
  }

  private void deadLetter(DSLContext transaction, Incoming record, Fault fault, String reason) {
    deadLetters.put(transaction, record, reason);
    metrics
        .counter("cinch.release.dead.letters", "reason", fault.name().toLowerCase(Locale.ROOT))
        .increment();
  }
}
