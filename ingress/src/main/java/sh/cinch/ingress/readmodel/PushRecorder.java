package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.excluded;
import static sh.cinch.database.ingress.Tables.PUSH;
import static sh.cinch.service.text.EnumWord.word;

import org.jooq.DSLContext;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.service.kafka.Incoming;

/** Writes pushes. */
final class PushRecorder {

  private PushRecorder() {}

  static void record(DSLContext transaction, Incoming record, PushEvent push) {
    PushEvent.Actor actor = push.actor();
    transaction
        .insertInto(PUSH)
        .set(PUSH.EVENT_ID, record.eventId())
        .set(PUSH.REPOSITORY_ID, push.repository().id())
        .set(PUSH.REF, push.ref())
        .set(PUSH.TYPE, word(push.type()))
        .set(PUSH.CHANGE, word(push.change()))
        .set(PUSH.COMMIT_HASH, push.commit())
        .set(PUSH.MESSAGE, push.message())
        .set(PUSH.ACTOR, actor == null ? null : actor.name())
        .set(PUSH.RECEIVED_AT, push.receivedAt())
        .set(PUSH.DELIVERY_ID, push.deliveryId())
        .onConflict(PUSH.EVENT_ID)
        .doUpdate()
        .set(PUSH.DELIVERY_ID, excluded(PUSH.DELIVERY_ID)) // rows of 0.1.0 have none
        .where(PUSH.DELIVERY_ID.isNull())
        .execute();
  }
}
