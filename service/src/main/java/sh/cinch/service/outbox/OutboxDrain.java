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
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.database.service.tables.records.OutboxRecord;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;
import sh.cinch.service.kafka.FittingDeadLetter;

/**
 * Sends the oldest rows and removes what the broker has acknowledged, without a transaction: none
 * is open while Kafka is waited for. One instance at a time holds the writer's lock and so keeps
 * the order. Killed after sending and before removing, the next one sends again, under the same
 * event ids. Docs: decisions/0017.
 */
public final class OutboxDrain implements Step {

  private static final Logger log = LoggerFactory.getLogger(OutboxDrain.class);
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
    return database.exclusively("outbox " + outbox.writer(), this::drain).orElse(0) == BATCH;
  }

  private int drain(DSLContext session) {
    List<OutboxRecord> rows =
        session
            .selectFrom(OUTBOX)
            .where(OUTBOX.WRITER.eq(outbox.writer()))
            .orderBy(OUTBOX.ID)
            .limit(BATCH)
            .fetch();
    List<Long> acknowledged = send(session, rows);
    if (!acknowledged.isEmpty()) {
      session.deleteFrom(OUTBOX).where(OUTBOX.ID.in(acknowledged)).execute();
      sent.increment(acknowledged.size());
    }
    return acknowledged.size();
  }

  /**
   * Up to the first that fails: what stands behind it may have to come after it. The very first one
   * goes alone, so that a broker that is away costs one wait, not one for each row.
   */
  private List<Long> send(DSLContext session, List<OutboxRecord> rows) {
    List<Long> acknowledged = new ArrayList<>();
    try {
      for (List<OutboxRecord> some : List.of(firstOf(rows), othersOf(rows))) {
        if (some.isEmpty()) {
          return acknowledged;
        }
        // Fails where the session is gone: another instance may have the lock, and be further.
        session.selectOne().fetch();
        List<Future<RecordMetadata>> sending =
            some.stream().map(OutboxDrain::toRecord).map(sender::send).toList();
        for (int i = 0; i < some.size(); i++) {
          sending.get(i).get();
          acknowledged.add(some.get(i).getId());
        }
      }
    } catch (ExecutionException e) {
      if (acknowledged.isEmpty() && !isFitted(session, rows.getFirst(), e.getCause())) {
        throw new IllegalStateException("Kafka did not take the outbox", e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return acknowledged;
  }

  /** A dead letter that its topic does not take for its size becomes one that any topic takes. */
  private static boolean isFitted(
      DSLContext session, OutboxRecord row, @Nullable Throwable refusal) {
    if (!(refusal instanceof RecordTooLargeException)
        || !row.getTopic().equals(Topic.DEAD_LETTER.name())) {
      return false;
    }
    ProducerRecord<byte[], byte[]> record = toRecord(row);
    ProducerRecord<byte[], byte[]> fitting =
        FittingDeadLetter.of(record, FittingDeadLetter.SMALLEST);
    if (FittingDeadLetter.size(fitting) >= FittingDeadLetter.size(record)) {
      return false;
    }
    log.warn(
        "{} takes no record of {} bytes: a dead letter is cut to {}",
        row.getTopic(),
        FittingDeadLetter.size(record),
        FittingDeadLetter.size(fitting));
    row.setRecordKey(fitting.key());
    row.setHeaders(StoredHeaders.store(fitting.headers()));
    row.setValue(fitting.value());
    return session.executeUpdate(row) == 1;
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
