package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.selectOne;
import static sh.cinch.database.ingress.Tables.REQUESTED_ARTIFACT;
import static sh.cinch.database.ingress.Tables.REQUESTED_RELEASE;
import static sh.cinch.database.ingress.Tables.SHOWN_RELEASE;
import static sh.cinch.service.text.EnumWord.word;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.record.TimestampType;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import sh.cinch.database.ingress.tables.RequestedArtifact;
import sh.cinch.database.ingress.tables.records.RequestedArtifactRecord;
import sh.cinch.ingress.artifacts.release.ReleasedFiles;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.release.ReleaseSource;
import sh.cinch.service.database.RowBatch;
import sh.cinch.service.kafka.Incoming;

/** Copies releases as they stand and as they were asked for, and says which artifacts they need. */
public final class ReleaseRecorder {

  private static final List<String> ENDED =
      List.of(word(ReleaseEvent.State.DELIVERED), word(ReleaseEvent.State.SUPERSEDED));

  private final ReleasedFiles artifacts;

  /**
   * @param artifacts are told what is needed, and what no more
   */
  public ReleaseRecorder(ReleasedFiles artifacts) {
    this.artifacts = artifacts;
  }

  /** A request that was just written to its topic: a person who looks for it now finds it. */
  public void written(
      DSLContext transaction, ProducerRecord<byte[], byte[]> record, RecordMetadata written) {
    Incoming incoming =
        new Incoming(
            new ConsumerRecord<>(
                written.topic(),
                written.partition(),
                written.offset(),
                written.timestamp(),
                TimestampType.LOG_APPEND_TIME,
                written.serializedKeySize(),
                written.serializedValueSize(),
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty()));
    requested(
        transaction, incoming, StoredEvent.read(StoredEvent.text(incoming), ReleaseRequest.class));
  }

  /** A request as it lies on its topic; the same one again changes nothing. */
  void requested(DSLContext transaction, Incoming record, ReleaseRequest request) {
    inTurn(transaction, record.eventId());
    Connections.resolve(transaction, request.repository())
        .filter(repository -> isTaken(transaction, repository, request, record))
        .ifPresent(repository -> need(transaction, record, request));
  }

  private static boolean isTaken(
      DSLContext transaction, UUID repository, ReleaseRequest request, Incoming record) {
    return transaction
            .insertInto(REQUESTED_RELEASE)
            .set(REQUESTED_RELEASE.ID, record.eventId())
            .set(REQUESTED_RELEASE.REPOSITORY_ID, repository)
            .set(REQUESTED_RELEASE.COMMIT_HASH, request.commit())
            .set(
                REQUESTED_RELEASE.PRECEDENCE,
                record.isReplay() ? record.offset() : -1 - record.offset())
            .set(REQUESTED_RELEASE.EVENT, StoredEvent.text(record))
            .set(REQUESTED_RELEASE.REQUESTED_AT, record.brokerTime())
            .set(REQUESTED_RELEASE.CHANGED_AT, record.brokerTime())
            .onConflict(REQUESTED_RELEASE.ID)
            .doUpdate()
            .setNonConflictingKeyToExcluded()
            .set(
                REQUESTED_RELEASE.REQUESTED_AT,
                least(REQUESTED_RELEASE.REQUESTED_AT, excluded(REQUESTED_RELEASE.REQUESTED_AT)))
            .where(REQUESTED_RELEASE.PRECEDENCE.lt(excluded(REQUESTED_RELEASE.PRECEDENCE)))
            .execute()
        == 1;
  }

  private void need(DSLContext transaction, Incoming record, ReleaseRequest request) {
    String id = record.eventId();
    List<UUID> named =
        request.files().stream()
            .flatMap(file -> ReleaseSource.artifact(file.source()).stream())
            .distinct()
            .toList();
    transaction
        .deleteFrom(REQUESTED_ARTIFACT)
        .where(REQUESTED_ARTIFACT.RELEASE_ID.eq(id))
        .execute();
    RowBatch.insert(
        transaction,
        named.stream().map(artifact -> new RequestedArtifactRecord(id, artifact)).toList());
    artifacts.needed(transaction, named);
    if (!record.isReplay()) {
      releaseArtifacts(transaction, id); // it may have been sent before this was read
    }
  }

  /** A release as it stands. */
  void shown(DSLContext transaction, Incoming record, ReleaseEvent release) {
    inTurn(transaction, release.id());
    int changed =
        transaction
            .insertInto(SHOWN_RELEASE)
            .set(SHOWN_RELEASE.ID, release.id())
            .set(SHOWN_RELEASE.REPOSITORY_ID, release.repository().id())
            .set(SHOWN_RELEASE.COMMIT_HASH, release.commit())
            .set(SHOWN_RELEASE.VERSION, release.version())
            .set(SHOWN_RELEASE.STATE, word(release.state()))
            .set(SHOWN_RELEASE.EVENT, StoredEvent.text(record))
            .set(SHOWN_RELEASE.REQUESTED_AT, release.requestedAt())
            .set(SHOWN_RELEASE.CHANGED_AT, release.at())
            .onConflict(SHOWN_RELEASE.ID)
            .doUpdate()
            .setNonConflictingKeyToExcluded()
            .where(SHOWN_RELEASE.VERSION.lt(excluded(SHOWN_RELEASE.VERSION)))
            .execute();
    if (changed == 1) {
      releaseArtifacts(transaction, release.id());
    }
  }

  /**
   * A request and its end may be recorded by two instances at the same time: who comes second must
   * see what the first has written, or neither releases the artifacts.
   */
  private static void inTurn(DSLContext transaction, String id) {
    transaction.execute("select pg_advisory_xact_lock(hashtextextended({0}, 0))", DSL.val(id));
  }

  /** Those of its artifacts that no release waits for any more; one that failed may be replayed. */
  private void releaseArtifacts(DSLContext transaction, String id) {
    RequestedArtifact waiting = REQUESTED_ARTIFACT.as("waiting");
    List<UUID> free =
        transaction
            .select(REQUESTED_ARTIFACT.ARTIFACT_ID)
            .from(REQUESTED_ARTIFACT)
            .where(REQUESTED_ARTIFACT.RELEASE_ID.eq(id))
            .andNotExists(
                selectOne()
                    .from(waiting)
                    .where(waiting.ARTIFACT_ID.eq(REQUESTED_ARTIFACT.ARTIFACT_ID))
                    .andNotExists(
                        selectOne()
                            .from(SHOWN_RELEASE)
                            .where(SHOWN_RELEASE.ID.eq(waiting.RELEASE_ID))
                            .and(SHOWN_RELEASE.STATE.in(ENDED))))
            .fetch(REQUESTED_ARTIFACT.ARTIFACT_ID);
    artifacts.released(transaction, free);
  }
}
