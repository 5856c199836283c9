package sh.cinch.service.outbox;

import static sh.cinch.database.service.Tables.OUTBOX;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jooq.DSLContext;
import sh.cinch.service.kafka.Event;

/** A writer's rows that are to become records, in the order they were written. */
public final class Outbox {

  private final String writer;

  /**
   * @param writer the service; each has rows of its own
   */
  public Outbox(String writer) {
    this.writer = writer;
  }

  /** Written with the caller's transaction, sent once that is committed. */
  public void add(DSLContext transaction, Event<?> event) {
    add(transaction, event.toRecord());
  }

  public void add(DSLContext transaction, ProducerRecord<byte[], byte[]> record) {
    transaction
        .insertInto(OUTBOX)
        .set(OUTBOX.WRITER, writer)
        .set(OUTBOX.TOPIC, record.topic())
        .set(OUTBOX.RECORD_KEY, record.key())
        .set(OUTBOX.HEADERS, StoredHeaders.store(record.headers()))
        .set(OUTBOX.VALUE, record.value())
        .execute();
  }

  String writer() {
    return writer;
  }
}
