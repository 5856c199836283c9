package sh.cinch.statusworker.pushes;

import static org.jooq.impl.DSL.excluded;
import static sh.cinch.database.status_worker.Tables.PUSH;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.database.status_worker.tables.records.PushRecord;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.service.database.RowBatch;
import sh.cinch.service.intake.Recorder;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.retention.Retention;

/** Copies which push brought a commit; the newest of each ref. */
public final class PushIntake implements Recorder<Optional<PushRecord>> {

  /** Builds take longer to report. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  private static final Logger log = LoggerFactory.getLogger(PushIntake.class);

  @Override
  public Optional<PushRecord> read(Incoming record) {
    return switch (EventJson.read(record.value(), PushEvent.class)) {
      case Reading.Good<PushEvent>(PushEvent push) ->
          Optional.ofNullable(push.commit()).map(commit -> row(record, push, commit));
      case Reading.Bad<PushEvent>(String reason) -> {
        // Whose topic it is makes the dead letter.
        log.warn("ignored a bad push record={}: {}", record, reason);
        yield Optional.empty();
      }
    };
  }

  /** Those that are too old for a build of theirs to be reported still. */
  public static Retention.Batch old() {
    return Retention.of(PUSH, PUSH.RECEIVED_AT);
  }

  private static PushRecord row(Incoming record, PushEvent push, String commit) {
    PushRecord row = new PushRecord();
    row.setRepositoryId(push.repository().id());
    row.setCommitHash(commit);
    row.setRef(push.ref());
    row.setPushId(record.eventId());
    row.setDeliveryId(push.deliveryId() == null ? null : push.deliveryId().toString());
    row.setReceivedAt(push.receivedAt());
    return row;
  }

  @Override
  public Duration pause() {
    return PAUSE;
  }

  @Override
  public void record(DSLContext transaction, List<Optional<PushRecord>> batch) {
    Map<Record, PushRecord> newest = new LinkedHashMap<>();
    for (Optional<PushRecord> push : batch) {
      push.ifPresent(row -> newest.merge(row.key(), row, PushIntake::newer));
    }
    RowBatch.insert(
        transaction,
        newest.values(),
        insert ->
            insert
                .onConflict(PUSH.getPrimaryKey().getFields())
                .doUpdate()
                .set(PUSH.PUSH_ID, excluded(PUSH.PUSH_ID))
                .set(PUSH.DELIVERY_ID, excluded(PUSH.DELIVERY_ID))
                .set(PUSH.RECEIVED_AT, excluded(PUSH.RECEIVED_AT))
                .where(PUSH.RECEIVED_AT.le(excluded(PUSH.RECEIVED_AT))));
  }

  private static PushRecord newer(PushRecord one, PushRecord other) {
    return one.getReceivedAt().isAfter(other.getReceivedAt()) ? one : other;
  }
}
