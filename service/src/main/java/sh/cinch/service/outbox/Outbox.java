package sh.cinch.service.outbox;

import static sh.cinch.database.service.Tables.OUTBOX;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;
import sh.cinch.database.service.tables.records.OutboxRecord;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
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

  /** Written at the end of the caller's transaction, sent once that is committed. */
  public void add(DSLContext transaction, Event<?> event) {
    add(transaction, event.toRecord());
  }

  public void add(DSLContext transaction, ProducerRecord<byte[], byte[]> record) {
    OutboxRecord row = new OutboxRecord();
    row.setWriter(writer);
    row.setTopic(record.topic());
    row.setRecordKey(record.key());
    row.setHeaders(StoredHeaders.store(record.headers()));
    row.setValue(record.value());
    Database.insertLast(transaction, row);
  }

  /** Rows of whatever writer that wait for a topic, under a key. */
  public static Condition of(Topic<?> topic, String key) {
    return OUTBOX
        .TOPIC
        .eq(topic.name())
        .and(OUTBOX.RECORD_KEY.eq(key.getBytes(StandardCharsets.UTF_8)));
  }

  String writer() {
    return writer;
  }
}
