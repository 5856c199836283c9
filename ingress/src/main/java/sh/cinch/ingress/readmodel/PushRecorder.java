package sh.cinch.ingress.readmodel;

import static sh.cinch.database.ingress.Tables.PUSH;
import static sh.cinch.ingress.text.EnumWord.word;

import org.jooq.DSLContext;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.kafka.Incoming;

/** Writes pushes down. */
final class PushRecorder {

  private final DeadLetters deadLetters;

  PushRecorder(DeadLetters deadLetters) {
    this.deadLetters = deadLetters;
  }

  void record(DSLContext transaction, Incoming record) {
    switch (EventJson.read(record.value(), PushEvent.class)) {
      case Reading.Good<PushEvent>(PushEvent push) -> insert(transaction, record.eventId(), push);
      case Reading.Bad<PushEvent>(String reason) -> deadLetters.put(transaction, record, reason);
    }
  }

  private static void insert(DSLContext transaction, String eventId, PushEvent push) {
    PushEvent.Actor actor = push.actor();
    transaction
        .insertInto(PUSH)
        .set(PUSH.EVENT_ID, eventId)
        .set(PUSH.REPOSITORY_ID, push.repository().id())
        .set(PUSH.REF, push.ref())
        .set(PUSH.TYPE, word(push.type()))
        .set(PUSH.CHANGE, word(push.change()))
        .set(PUSH.COMMIT_HASH, push.commit())
        .set(PUSH.MESSAGE, push.message())
        .set(PUSH.ACTOR, actor == null ? null : actor.name())
        .set(PUSH.RECEIVED_AT, push.receivedAt())
        .onConflictDoNothing()
        .execute();
  }
}
