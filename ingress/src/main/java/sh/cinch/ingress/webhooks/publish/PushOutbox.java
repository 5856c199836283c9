package sh.cinch.ingress.webhooks.publish;

import static sh.cinch.database.service.Tables.OUTBOX;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
import sh.cinch.service.outbox.Outbox;

/**
 * Pushes in the outbox, and the repositories that have some there: whatever else is pushed to one
 * of these must wait behind them, whichever instance put them there.
 */
final class PushOutbox {

  private static final Logger log = LoggerFactory.getLogger(PushOutbox.class);

  /** Much shorter than the pool's own patience: the forge waits for an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Database database;
  private final Outbox outbox;
  private final AtomicLong sequence = new AtomicLong();
  private final Map<UUID, Long> waiting = new ConcurrentHashMap<>();
  private volatile boolean looked;

  PushOutbox(Database database, Outbox outbox) {
    this.database = database;
    this.outbox = outbox;
  }

  /** Before the first look at the outbox: any. */
  boolean holds(UUID repository) {
    return !looked || waiting.containsKey(repository);
  }

  /** Whether the outbox has all of them, committed. */
  boolean stored(UUID repository, List<ProducerRecord<byte[], byte[]>> records) {
    AtomicBoolean givenUp = new AtomicBoolean();
    FutureTask<Void> writing =
        new FutureTask<>(
            () -> database.write(transaction -> write(transaction, records, givenUp)), null);
    Thread.ofVirtual().name("push-outbox").start(writing);
    try {
      writing.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      waiting.put(repository, sequence.incrementAndGet());
      return true;
    } catch (ExecutionException e) {
      log.warn("the outbox did not take a push: {}", String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      log.warn("the outbox did not take a push within {} ms", PATIENCE.toMillis());
      // It may be committing this very moment; the next look tells.
      waiting.put(repository, sequence.incrementAndGet());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    givenUp.set(true);
    return false;
  }

  private void write(
      DSLContext transaction, List<ProducerRecord<byte[], byte[]>> records, AtomicBoolean givenUp) {
    if (givenUp.get()) {
      throw new IllegalStateException("a connection came too late");
    }
    // The forge is told that we have it: it must have reached the disk, whatever the server's own
    // setting.
    transaction.execute("set local synchronous_commit to on");
    records.forEach(record -> outbox.add(transaction, record));
  }

  /** Looks which repositories have rows. What is waiting during the look is not forgotten by it. */
  boolean look() {
    long before = sequence.get();
    Set<UUID> found = inOutbox();
    waiting
        .entrySet()
        .removeIf(held -> held.getValue() <= before && !found.contains(held.getKey()));
    found.forEach(repository -> waiting.putIfAbsent(repository, before));
    looked = true;
    return false;
  }

  private Set<UUID> inOutbox() {
    return database
        .sql()
        .selectDistinct(OUTBOX.RECORD_KEY)
        .from(OUTBOX)
        .where(OUTBOX.TOPIC.eq(Topic.PUSH.name()))
        .fetch(OUTBOX.RECORD_KEY)
        .stream()
        .map(key -> UUID.fromString(new String(key, StandardCharsets.UTF_8)))
        .collect(Collectors.toSet());
  }
}
