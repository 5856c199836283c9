package sh.cinch.ingress.readmodel;

import static sh.cinch.database.ingress.Tables.PUSH;
import static sh.cinch.ingress.text.EnumWord.word;

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
        .set(PUSH.OLD_HASH, push.oldHash())
        .set(PUSH.NEW_HASH, push.newHash())
        .set(PUSH.COMMIT_HASH, push.commit())
        .set(PUSH.MESSAGE, push.message())
        .set(PUSH.AUTHOR, push.author())
        .set(PUSH.ACTOR, actor == null ? null : actor.name())
        .set(PUSH.RECEIVED_AT, push.receivedAt())
        .onConflictDoNothing()
        .execute();
  }
}
