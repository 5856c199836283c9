package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;
import static sh.cinch.database.ingress.Tables.RELEASE;
import static sh.cinch.database.ingress.Tables.RELEASE_FILE;
import static sh.cinch.ingress.text.EnumWord.word;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.record.TimestampType;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertValuesStep7;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.database.ingress.tables.Release;
import sh.cinch.database.ingress.tables.ReleaseFile;
import sh.cinch.database.ingress.tables.records.ReleaseFileRecord;
import sh.cinch.ingress.artifacts.release.ReleasedFiles;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.service.kafka.Incoming;

/**
 * Writes down which releases were asked for and what becomes of them, each in its own half of the
 * rows. The first request of an id holds, whatever comes under the same id later, until one is
 * replayed: that takes its place and opens the release again.
 */
public final class ReleaseRecorder {

  private static final Logger log = LoggerFactory.getLogger(ReleaseRecorder.class);
  private static final Field<Instant> NEVER = val(null, RELEASE.REOPENED_AT);

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
    switch (EventJson.read(record.value(), ReleaseRequest.class)) {
      case Reading.Good<ReleaseRequest>(ReleaseRequest request) ->
          requested(transaction, incoming, request);
      case Reading.Bad<ReleaseRequest>(String reason) -> throw new IllegalStateException(reason);
    }
  }

  /** A request as it lies on its topic; the same one again changes nothing. */
  void requested(DSLContext transaction, Incoming record, ReleaseRequest request) {
    if (Stored.isId(record.eventId())) {
      Connections.resolve(transaction, request.repository())
          .ifPresent(repository -> write(transaction, repository, request, record));
    } else {
      log.debug("not shown, its id: record={}", record);
    }
  }

  private void write(
      DSLContext transaction, UUID repository, ReleaseRequest request, Incoming record) {
    String id = record.eventId();
    if (!isTaken(transaction, repository, request, record)) {
      return;
    }
    Collection<WantedFile> wanted = WantedFile.of(request);
    replace(transaction, id, wanted);
    List<UUID> needed = wanted.stream().map(WantedFile::artifact).filter(Objects::nonNull).toList();
    if (!needed.isEmpty()) {
      artifacts.needed(transaction, needed);
    }
    releaseArtifacts(transaction, id);
  }

  private static boolean isTaken(
      DSLContext transaction, UUID repository, ReleaseRequest request, Incoming record) {
    boolean replay = record.isReplay();
    Condition newer =
        replay ? RELEASE.ASKED_AT.lt(excluded(RELEASE.ASKED_AT)) : noCondition().not();
    return transaction
            .insertInto(RELEASE)
            .set(RELEASE.ID, record.eventId())
            .set(RELEASE.REPOSITORY_ID, repository)
            .set(RELEASE.TAG, Stored.text(request.tag()))
            .set(RELEASE.COMMIT_HASH, request.commit())
            .set(RELEASE.ASKED_AT, record.brokerTime())
            .set(RELEASE.REOPENED_AT, replay ? val(record.brokerTime()) : NEVER)
            .set(RELEASE.REQUESTED_AT, record.brokerTime())
            .set(RELEASE.UPDATED_AT, record.brokerTime())
            .onConflict(RELEASE.ID)
            .doUpdate()
            .setNonConflictingKeyToExcluded()
            .set(RELEASE.REOPENED_AT, coalesce(excluded(RELEASE.REOPENED_AT), RELEASE.REOPENED_AT))
            .set(RELEASE.REQUESTED_AT, least(RELEASE.REQUESTED_AT, excluded(RELEASE.REQUESTED_AT)))
            .set(RELEASE.UPDATED_AT, greatest(RELEASE.UPDATED_AT, excluded(RELEASE.UPDATED_AT)))
            .where(RELEASE.ASKED_AT.isNull().or(newer))
            .execute()
        == 1;
  }

  private static void replace(DSLContext transaction, String id, Collection<WantedFile> wanted) {
    transaction
        .update(RELEASE_FILE)
        .setNull(RELEASE_FILE.POSITION)
        .setNull(RELEASE_FILE.ARTIFACT_ID)
        .where(RELEASE_FILE.RELEASE_ID.eq(id))
        .execute();
    InsertValuesStep7<ReleaseFileRecord, String, String, Integer, String, Long, String, UUID>
        insert =
            transaction.insertInto(
                RELEASE_FILE,
                RELEASE_FILE.RELEASE_ID,
                RELEASE_FILE.NAME,
                RELEASE_FILE.POSITION,
                RELEASE_FILE.DOWNLOAD_NAME,
                RELEASE_FILE.SIZE,
                RELEASE_FILE.SHA256,
                RELEASE_FILE.ARTIFACT_ID);
    for (WantedFile file : wanted) {
      insert =
          insert.values(
              id,
              file.name(),
              file.position(),
              file.download(),
              file.size(),
              file.sha256(),
              file.artifact());
    }
    insert
        .onConflict(RELEASE_FILE.RELEASE_ID, RELEASE_FILE.NAME)
        .doUpdate()
        .setNonConflictingKeyToExcluded()
        .execute();
  }

  /** What became of a whole release. */
  void settled(DSLContext transaction, Incoming record, Outcome outcome) {
    String id = outcome.causedBy();
    if (id == null || !Stored.isId(id)) {
      return;
    }
    Optional<Instant> reopened = lock(transaction, id, outcome, record);
    int changed =
        transaction
            .update(RELEASE)
            .set(RELEASE.OUTCOME, word(outcome.result()))
            .set(RELEASE.REASON, text(outcome.reason()))
            .set(RELEASE.WARNINGS, warnings(outcome))
            .set(RELEASE.OUTCOME_AT, outcome.at())
            .set(RELEASE.OUTCOME_SEEN_AT, record.brokerTime())
            .where(RELEASE.ID.eq(id))
            .and(isNewer(outcome, record, reopened, RELEASE.OUTCOME_AT, RELEASE.OUTCOME_SEEN_AT))
            .execute();
    if (changed == 1) {
      releaseArtifacts(transaction, id);
    }
  }

  /** What became of one file of a release. */
  void fileSettled(DSLContext transaction, Incoming record, Outcome outcome) {
    String id = outcome.causedBy();
    String file = outcome.file();
    if (id == null || file == null || !Stored.isId(id)) {
      return;
    }
    Optional<Instant> reopened = lock(transaction, id, outcome, record);
    transaction
        .insertInto(RELEASE_FILE)
        .set(RELEASE_FILE.RELEASE_ID, id)
        .set(RELEASE_FILE.NAME, Stored.name(file))
        .set(RELEASE_FILE.OUTCOME, word(outcome.result()))
        .set(RELEASE_FILE.HTTP_STATUS, outcome.httpStatus())
        .set(RELEASE_FILE.ATTEMPTS, outcome.attempts())
        .set(RELEASE_FILE.REASON, text(outcome.reason()))
        .set(RELEASE_FILE.WARNINGS, warnings(outcome))
        .set(RELEASE_FILE.OUTCOME_AT, outcome.at())
        .set(RELEASE_FILE.OUTCOME_SEEN_AT, record.brokerTime())
        .onConflict(RELEASE_FILE.RELEASE_ID, RELEASE_FILE.NAME)
        .doUpdate()
        .setNonConflictingKeyToExcluded()
        .where(
            isNewer(
                outcome, record, reopened, RELEASE_FILE.OUTCOME_AT, RELEASE_FILE.OUTCOME_SEEN_AT))
        .execute();
  }

  /**
   * The row is there afterwards, and nobody else's until the transaction ends.
   *
   * @return when it was replayed
   */
  private static Optional<Instant> lock(
      DSLContext transaction, String id, Outcome outcome, Incoming record) {
    return Optional.ofNullable(
        transaction
            .insertInto(RELEASE)
            .set(RELEASE.ID, id)
            .set(RELEASE.REPOSITORY_ID, outcome.repository().id())
            .set(RELEASE.TAG, text(outcome.tag()))
            .set(RELEASE.COMMIT_HASH, text(outcome.commit()))
            .set(RELEASE.REQUESTED_AT, record.brokerTime())
            .set(RELEASE.UPDATED_AT, record.brokerTime())
            .onConflict(RELEASE.ID)
            .doUpdate()
            .set(RELEASE.TAG, coalesce(RELEASE.TAG, excluded(RELEASE.TAG)))
            .set(RELEASE.COMMIT_HASH, coalesce(RELEASE.COMMIT_HASH, excluded(RELEASE.COMMIT_HASH)))
            .set(
                RELEASE.REQUESTED_AT,
                when(
                        RELEASE.ASKED_AT.isNull(),
                        least(RELEASE.REQUESTED_AT, excluded(RELEASE.REQUESTED_AT)))
                    .otherwise(RELEASE.REQUESTED_AT))
            .set(RELEASE.UPDATED_AT, greatest(RELEASE.UPDATED_AT, excluded(RELEASE.UPDATED_AT)))
            .returning(RELEASE.REOPENED_AT)
            .fetchSingle(RELEASE.REOPENED_AT));
  }

  /** Whatever was said before a replay is older than what is said after it, by whichever clock. */
  private static Condition isNewer(
      Outcome outcome,
      Incoming record,
      Optional<Instant> reopened,
      Field<Instant> at,
      Field<Instant> seenAt) {
    Condition newer = at.isNull().or(at.le(outcome.at()));
    return reopened
        .filter(replay -> !record.brokerTime().isBefore(replay))
        .map(replay -> newer.or(seenAt.lt(replay)))
        .orElse(newer);
  }

  /** Once it is delivered: those of its artifacts that no other release waits for. */
  private void releaseArtifacts(DSLContext transaction, String id) {
    boolean delivered =
        transaction.fetchExists(
            RELEASE, RELEASE.ID.eq(id).and(hasEnded(RELEASE, Outcome.Result.DELIVERED)));
    if (!delivered) {
      return;
    }
    ReleaseFile others = RELEASE_FILE.as("others");
    Release other = RELEASE.as("other");
    List<UUID> free =
        transaction
            .selectDistinct(RELEASE_FILE.ARTIFACT_ID)
            .from(RELEASE_FILE)
            .where(RELEASE_FILE.RELEASE_ID.eq(id))
            .and(RELEASE_FILE.ARTIFACT_ID.isNotNull())
            .andNotExists(
                selectOne()
                    .from(others)
                    .join(other)
                    .on(other.ID.eq(others.RELEASE_ID))
                    .where(others.ARTIFACT_ID.eq(RELEASE_FILE.ARTIFACT_ID))
                    .and(other.ID.ne(id))
                    .andNot(hasEnded(other, Outcome.Result.DELIVERED))
                    .andNot(hasEnded(other, Outcome.Result.SUPERSEDED)))
            .fetch(RELEASE_FILE.ARTIFACT_ID);
    if (!free.isEmpty()) {
      artifacts.released(transaction, free);
    }
  }

  /** Never null, as a comparison with null would be. */
  private static Condition hasEnded(Release release, Outcome.Result result) {
    return release
        .OUTCOME
        .isNotDistinctFrom(word(result))
        .and(release.REOPENED_AT.isNull().or(release.OUTCOME_SEEN_AT.ge(release.REOPENED_AT)));
  }

  private static String[] warnings(Outcome outcome) {
    return outcome.warnings().stream().map(Stored::text).toArray(String[]::new);
  }

  private static @Nullable String text(@Nullable String text) {
    return text == null ? null : Stored.text(text);
  }
}
