package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.excluded;
import static sh.cinch.database.ingress.Tables.PUSH;
import static sh.cinch.service.text.EnumWord.word;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import sh.cinch.database.ingress.tables.records.PushRecord;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.service.database.RowBatch;
import sh.cinch.service.kafka.Incoming;

/** Writes pushes. */
final class PushRecorder {

  private PushRecorder() {}

  static PushRecord row(Incoming record, PushEvent push) {
    PushEvent.Actor actor = push.actor();
    PushRecord row = new PushRecord();
    row.setEventId(record.eventId());
    row.setRepositoryId(push.repository().id());
    row.setRef(push.ref());
    row.setType(word(push.type()));
    row.setChange(word(push.change()));
    row.setCommitHash(push.commit());
    row.setMessage(push.message());
    row.setActor(actor == null ? null : actor.name());
    row.setReceivedAt(push.receivedAt());
    row.setDeliveryId(push.deliveryId());
    return row;
  }

  static void record(DSLContext transaction, Collection<PushRecord> pushes) {
    Map<String, PushRecord> once =
        pushes.stream()
            .collect(
                Collectors.toMap(
                    PushRecord::getEventId,
                    Function.identity(),
                    (first, same) -> first,
                    // In one order in all instances.
                    TreeMap::new));
    RowBatch.insert(
        transaction,
        once.values(),
        insert ->
            insert
                .onConflict(PUSH.EVENT_ID)
                .doUpdate()
                .set(PUSH.DELIVERY_ID, excluded(PUSH.DELIVERY_ID)) // rows of 0.1.0 have none
                .where(PUSH.DELIVERY_ID.isNull()));
  }
}
