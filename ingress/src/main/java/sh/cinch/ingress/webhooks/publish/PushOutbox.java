package sh.cinch.ingress.webhooks.publish;

import static java.util.function.Predicate.not;
import static sh.cinch.database.service.Tables.OUTBOX;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.webhooks.delivery.Patience;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.Notifications;
import sh.cinch.service.due.Together;
import sh.cinch.service.outbox.Outbox;

/**
 * Pushes in the outbox, and the repositories that have some there: whatever else is pushed to one
 * of these must wait behind them, whichever instance put them there.
 */
final class PushOutbox {

  /** On which instances tell each other of whom they have put something there. */
  static final String CHANNEL = "ingress_pushes_in_outbox";

  private static final String BETWEEN = ",";
  private static final Logger log = LoggerFactory.getLogger(PushOutbox.class);

  private static final String THREAD = "push-outbox";

  /** Much shorter than the pool's own patience: the forge waits for an answer. */
  private static final Patience PATIENCE = new Patience(THREAD, Duration.ofSeconds(2));

  /** As long as others may wait for it. */
  private static final Patience A_MOMENT = new Patience(THREAD, Duration.ofMillis(300));

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);
  private static final long BETWEEN_QUESTIONS = Duration.ofSeconds(1).toNanos();

  /** Of several repositories in one transaction. */
  private static final int TOGETHER = 100;

  /** More rows than these are drained in no moment. */
  private static final int MANY = 1_000;

  private final Database database;
  private final Outbox outbox;
  private final Runnable stored;
  private final Together<Entry> together = new Together<>(TOGETHER, this::write);
  private final AtomicLong sequence = new AtomicLong();
  private final Map<UUID, Held> waiting = new ConcurrentHashMap<>();
  private volatile boolean looked;

  /** Found by the last look. */
  private volatile int rows;

  /**
   * That a repository's pushes go by the outbox.
   *
   * @param since when, in the order of things
   * @param committed whether its rows are there for sure; else the next look tells
   * @param askedAt when it was last waited for, by {@link System#nanoTime}
   */
  private record Held(long since, boolean committed, long askedAt) {

    Held again(long now, boolean isCommitted) {
      return new Held(now, isCommitted, askedAt);
    }

    Held asked() {
      return new Held(since, committed, System.nanoTime());
    }

    boolean mayAsk() {
      return committed && System.nanoTime() - askedAt > BETWEEN_QUESTIONS;
    }
  }

  /** Some records of one repository that are to be kept in one piece. */
  private static final class Entry {

    final UUID repository;
    final List<ProducerRecord<byte[], byte[]>> records;
    volatile boolean isGivenUp;

    Entry(UUID repository, List<ProducerRecord<byte[], byte[]>> records) {
      this.repository = repository;
      this.records = records;
    }
  }

  /**
   * @param stored told when there is something to drain
   */
  PushOutbox(Database database, Outbox outbox, Runnable stored) {
    this.database = database;
    this.outbox = outbox;
    this.stored = stored;
  }

  /** As far as memory knows; before the first look at the outbox: any. */
  boolean mayHold(UUID repository) {
    return !looked || waiting.containsKey(repository);
  }

  /** The same, where somebody can wait: blocks for a moment where memory does not say. */
  boolean holds(UUID repository) {
    Held held = waiting.get(repository);
    return !looked || (held != null && !isDrained(repository, held));
  }

  /**
   * Who is pushed to all the time has a row at each look, and would go by the outbox for ever: now
   * and then what comes waits for a moment, until all before it is gone. Not where much is in it,
   * which takes longer.
   */
  private boolean isDrained(UUID repository, Held held) {
    if (rows > MANY || !held.mayAsk()) {
      return false;
    }
    boolean isGone =
        A_MOMENT.ask(
            () -> isGone(repository),
            false,
            e -> log.debug("the outbox is not drained in a moment", e));
    if (isGone) {
      return waiting.remove(repository, held);
    }
    boolean unused = waiting.replace(repository, held, held.asked());
    return false;
  }

  private boolean isGone(UUID repository) {
    stored.run();
    // Not interrupted: that would cost the connection.
    long until = System.nanoTime() + A_MOMENT.most().toNanos();
    boolean isThere = true;
    while (isThere && System.nanoTime() < until) {
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      isThere = database.sql().fetchExists(OUTBOX, Outbox.of(Topic.PUSH, repository.toString()));
    }
    return !isThere;
  }

  /** Whether the outbox has all of them, committed. */
  boolean stored(UUID repository, List<ProducerRecord<byte[], byte[]>> records) {
    Entry entry = new Entry(repository, records);
    boolean isWritten =
        PATIENCE.ask(
            () -> {
              together.write(entry);
              return true;
            },
            false,
            e -> notStored(repository, e));
    if (isWritten) {
      hold(repository, true);
      stored.run();
      return true;
    }
    entry.isGivenUp = true;
    return false;
  }

  private void notStored(UUID repository, Exception e) {
    if (e instanceof TimeoutException) {
      log.warn("the outbox did not take a push within {} ms", PATIENCE.most().toMillis());
      // It may be committing this very moment; the next look tells.
      hold(repository, false);
    } else {
      log.warn("the outbox did not take a push: {}", String.valueOf(e.getCause()));
    }
  }

  /** Somebody else has put something there that what comes now must not overtake. */
  void mustWait(UUID repository) {
    hold(repository, true);
  }

  private void hold(UUID repository, boolean isCommitted) {
    long now = sequence.incrementAndGet();
    Held unused =
        waiting.merge(
            repository,
            new Held(now, isCommitted, never()),
            (held, fresh) -> held.again(now, isCommitted));
  }

  /** Long ago. */
  private static long never() {
    return System.nanoTime() - BETWEEN_QUESTIONS;
  }

  private void write(List<Entry> entries) {
    database.write(transaction -> write(transaction, entries));
  }

  private void write(DSLContext transaction, List<Entry> entries) {
    // The forge is told that we have it: it must have reached the disk, whatever the server's own
    // setting.
    transaction.execute("set local synchronous_commit to on");
    // A connection may come too late for some.
    List<Entry> inTime = entries.stream().filter(entry -> !entry.isGivenUp).toList();
    inTime.stream()
        .flatMap(entry -> entry.records.stream())
        .forEach(record -> outbox.add(transaction, record));
    Notifications.tell(
        transaction,
        CHANNEL,
        inTime.stream()
            .map(entry -> entry.repository.toString())
            .distinct()
            .collect(Collectors.joining(BETWEEN)));
  }

  /**
   * Hears at once what other instances put there; the looks find what was missed.
   *
   * @param missed told when something may have been
   */
  Notifications.Listener others(Runnable missed) {
    return new Notifications.Listener() {

      @Override
      public void heard(String repositories) {
        Stream.of(repositories.split(BETWEEN))
            .filter(not(String::isEmpty))
            .forEach(repository -> hold(UUID.fromString(repository), true));
      }

      @Override
      public void connected() {
        missed.run();
      }

      @Override
      public void disconnected() {} // while the database is away nobody puts anything there
    };
  }

  /** Looks which repositories have rows. What is waiting during the look is not forgotten by it. */
  boolean look() {
    long before = sequence.get();
    Map<UUID, Integer> found = inOutbox();
    waiting
        .entrySet()
        .removeIf(held -> held.getValue().since() <= before && !found.containsKey(held.getKey()));
    found
        .keySet()
        .forEach(repository -> waiting.putIfAbsent(repository, new Held(before, true, never())));
    rows = found.values().stream().mapToInt(Integer::intValue).sum();
    looked = true;
    return false;
  }

  /** How many rows each repository has. */
  private Map<UUID, Integer> inOutbox() {
    return database
        .sql()
        .select(OUTBOX.RECORD_KEY, DSL.count())
        .from(OUTBOX)
        .where(OUTBOX.TOPIC.eq(Topic.PUSH.name()))
        .groupBy(OUTBOX.RECORD_KEY)
        .fetchMap(
            row -> UUID.fromString(new String(row.value1(), StandardCharsets.UTF_8)),
            row -> row.value2());
  }
}
