package sh.cinch.releaseworker.releases;

import static sh.cinch.database.release_worker.Tables.RELEASE;
import static sh.cinch.database.release_worker.Tables.RELEASE_FILE;
import static sh.cinch.service.text.EnumWord.constant;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import sh.cinch.database.release_worker.tables.records.ReleaseFileRecord;
import sh.cinch.database.release_worker.tables.records.ReleaseRecord;
import sh.cinch.forge.Cause;
import sh.cinch.forge.Forges;
import sh.cinch.forge.Site;
import sh.cinch.releaseworker.outcome.Outcomes;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.ReleaseEvent.FileState;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.trace.Traceparent;

/**
 * Publishes how a release and its files stand. Called last in each transaction that changed
 * something of it, so that what is published is what is committed, and each version is one change.
 */
public final class ReleaseStates {

  /** As the index {@code release_unpublished} has it. */
  static final Condition UNPUBLISHED =
      DSL.condition(
          "{0} is distinct from ({1} || ' ' || {2} || ' ' || coalesce({3}, ''))",
          RELEASE.PUBLISHED, RELEASE.ROUND, RELEASE.STATE, RELEASE.WAITING_FOR);

  /** Bytes of JSON: Kafka takes a mebibyte with all headers, unless told otherwise. */
  private static final int LARGEST = 1_000_000;

  private final Outbox outbox;
  private final Forges forges;
  private final InstantSource clock;

  public ReleaseStates(Outbox outbox, Forges forges, InstantSource clock) {
    this.outbox = outbox;
    this.forges = forges;
    this.clock = clock;
  }

  /** Locks the release until the transaction ends; the caller has locked what comes before it. */
  public void publish(DSLContext transaction, String release, Repository repository) {
    ReleaseRecord row =
        transaction.selectFrom(RELEASE).where(RELEASE.ID.eq(release)).forUpdate().fetchSingle();
    List<ReleaseFileRecord> files =
        transaction
            .selectFrom(RELEASE_FILE)
            .where(RELEASE_FILE.RELEASE_ID.eq(release))
            .orderBy(RELEASE_FILE.POSITION)
            .fetch();
    ReleaseEvent.State state = state(row);
    switch (state) {
      case REQUESTED -> {}
      case SENDING -> {
        if (files.stream().noneMatch(ReleaseStates::waits)) {
          row.setWaitingFor(null);
          row.setLastReason(null);
        }
      }
      case DELIVERED, SUPERSEDED, FAILED -> row.setWaitingFor(null);
    }
    if (row.getWaitingFor() == null) {
      row.setNextTryAt(null);
    }
    row.setVersion(row.getVersion() + 1);
    row.setPublished(
        "%d %s %s"
            .formatted(
                row.getRound(),
                row.getState(),
                Optional.ofNullable(row.getWaitingFor()).orElse("")));
    row.update();
    Instant now = clock.instant();
    outbox.add(
        transaction,
        new Event<>(
            Topic.RELEASE,
            release,
            release + ":" + row.getVersion(),
            Outcomes.SOURCE,
            row.getTag(),
            now,
            Traceparent.continued(row.getTraceparent()),
            within(event(row, files, repository, state, now))));
  }

  private static ReleaseEvent.State state(ReleaseRecord row) {
    return constant(ReleaseEvent.State.class, row.getState());
  }

  private static FileState state(ReleaseFileRecord file) {
    return constant(FileState.class, file.getState());
  }

  private static boolean waits(ReleaseFileRecord file) {
    return state(file) == FileState.OPEN && file.getReason() != null;
  }

  private ReleaseEvent event(
      ReleaseRecord row,
      List<ReleaseFileRecord> files,
      Repository repository,
      ReleaseEvent.State state,
      Instant now) {
    Optional<WaitingFor> waitingFor =
        Optional.ofNullable(row.getWaitingFor()).map(Cause::valueOf).map(Cause::waitingFor);
    Instant nextTryAt = state == ReleaseEvent.State.SENDING ? row.getNextTryAt() : row.getDueAt();
    Optional<Site> site = forges.site(repository);
    return new ReleaseEvent(
        repository,
        row.getId(),
        row.getTag(),
        row.getCommitHash(),
        row.getVersion(),
        row.getRound(),
        row.getRecordedAt(),
        state,
        waitingFor.orElse(null),
        waitingFor
            .flatMap(waits -> Optional.ofNullable(nextTryAt))
            // Once it has passed, it is being tried.
            .filter(now::isBefore)
            .orElse(null),
        files.stream().map(file -> file(file, repository, site)).toList(),
        List.of(row.getWarnings()),
        row.getLastReason(),
        now);
  }

  private static ReleaseEvent.File file(
      ReleaseFileRecord row, Repository repository, Optional<Site> site) {
    FileState state = state(row);
    return new ReleaseEvent.File(
        row.getName(),
        row.getDownloadName(),
        row.getSize(),
        row.getSha256(),
        state,
        site.filter(there -> state == FileState.DELIVERED)
            .map(there -> there.downloadPage(repository.fullName(), row.getDownloadName()))
            .orElse(null),
        row.getHttpStatus(),
        row.getAttempts(),
        row.getReason(),
        List.of(row.getWarnings()));
  }

  /** Hundreds of files with long names, each with its reason, are more than Kafka takes. */
  private static ReleaseEvent within(ReleaseEvent event) {
    return EventJson.write(event).length <= LARGEST
        ? event
        : new ReleaseEvent(
            event.repository(),
            event.id(),
            event.tag(),
            event.commit(),
            event.version(),
            event.round(),
            event.requestedAt(),
            event.state(),
            event.waitingFor(),
            event.nextTryAt(),
            event.files().stream().map(ReleaseStates::withoutWords).toList(),
            List.of(
                "there is more to say of its files than one record of Kafka holds: their outcomes"
                    + " have it"),
            event.reason(),
            event.at());
  }

  private static ReleaseEvent.File withoutWords(ReleaseEvent.File file) {
    return new ReleaseEvent.File(
        file.name(),
        file.downloadName(),
        file.size(),
        file.sha256(),
        file.state(),
        file.url(),
        file.httpStatus(),
        file.attempts(),
        null,
        List.of());
  }
}
