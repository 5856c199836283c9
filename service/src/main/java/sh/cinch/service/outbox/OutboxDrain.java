package sh.cinch.service.outbox;

import static sh.cinch.database.service.Tables.OUTBOX;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import sh.cinch.database.service.tables.records.OutboxRecord;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;

/**
 * Sends the oldest rows and removes what the broker has acknowledged. One instance at a time, so
 * that the order holds; killed after sending and before removing, the next one sends again, under
 * the same event ids.
 */
public final class OutboxDrain implements Step {

  private static final int BATCH = 200;

  /** The part of a producer this needs. */
  @FunctionalInterface
  public interface Sender {
    Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record);
  }

  private final Database database;
  private final Outbox outbox;
  private final Sender sender;
  private final Counter sent;

  public OutboxDrain(Database database, Outbox outbox, Sender sender, MeterRegistry metrics) {
    this.database = database;
    this.outbox = outbox;
    this.sender = sender;
    this.sent = metrics.counter("cinch.outbox.sent", "writer", outbox.writer());
  }

  @Override
  public boolean run() {
    return database.transaction(this::drain) == BATCH;
  }

  private int drain(DSLContext transaction) {
    if (!isMine(transaction)) {
      return 0;
    }
    List<OutboxRecord> rows =
        transaction
            .selectFrom(OUTBOX)
            .where(OUTBOX.WRITER.eq(outbox.writer()))
            .orderBy(OUTBOX.ID)
            .limit(BATCH)
            .fetch();
    List<Long> acknowledged = send(rows);
    transaction.deleteFrom(OUTBOX).where(OUTBOX.ID.in(acknowledged)).execute();
    sent.increment(acknowledged.size());
    return acknowledged.size();
  }

  /** Until the end of the transaction nobody else drains for this writer. */
  private boolean isMine(DSLContext transaction) {
    return transaction
        .select(
            DSL.field(
                "pg_try_advisory_xact_lock(hashtextextended({0}, 0))",
                Boolean.class, DSL.val("outbox " + outbox.writer())))
        .fetchSingle()
        .value1();
  }

  /**
   * Up to the first that fails: what stands behind it may have to come after it. The very first one
   * goes alone, so that a broker that is away costs one wait, not one for each row.
   */
  private List<Long> send(List<OutboxRecord> rows) {
    List<Long> acknowledged = new ArrayList<>();
    try {
      for (List<OutboxRecord> some : List.of(firstOf(rows), othersOf(rows))) {
        List<Future<RecordMetadata>> sending =
            some.stream().map(OutboxDrain::toRecord).map(sender::send).toList();
        for (int i = 0; i < some.size(); i++) {
          sending.get(i).get();
          acknowledged.add(some.get(i).getId());
        }
      }
    } catch (ExecutionException e) {
      if (acknowledged.isEmpty()) {
        throw new IllegalStateException("Kafka did not take the outbox", e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return acknowledged;
  }

  private static List<OutboxRecord> firstOf(List<OutboxRecord> rows) {
    return rows.subList(0, Math.min(1, rows.size()));
  }

  private static List<OutboxRecord> othersOf(List<OutboxRecord> rows) {
    return rows.subList(Math.min(1, rows.size()), rows.size());
  }

  private static ProducerRecord<byte[], byte[]> toRecord(OutboxRecord row) {
    return new ProducerRecord<>(
        row.getTopic(),
        null,
        row.getRecordKey(),
        row.getValue(),
        StoredHeaders.load(row.getHeaders()));
  }
}
