package sh.cinch.service.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
import sh.cinch.service.exit.LastResort;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.health.StuckWatch;
import sh.cinch.service.kafka.Incoming;

/**
 * A consumer that only records: of what it has read it writes a batch in one transaction, then
 * commits the offsets up to which all is written. Killed in between, the batch comes again and
 * recording it changes nothing. Owners of records take turns: one that sends much keeps nobody
 * waiting. While the database is away it waits and takes the same batch again; a record that the
 * database itself refuses becomes a dead letter and holds up nobody.
 */
public final class Intake implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Intake.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration MOMENT = Duration.ofMillis(200);
  private static final int LEAST = 8;
  private static final int MOST = 512;
  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(15);

  private final Consumer<byte[], byte[]> consumer;
  private final Database database;
  private final Recorder<?> recorder;
  private final DeadLetters deadLetters;
  private final Counter recorded;
  private final Backlog backlog = new Backlog(Runtime.getRuntime().maxMemory());
  private final AtomicLong lag = new AtomicLong();
  private final StuckWatch stuck;
  private final Thread thread;
  private volatile boolean open = true;
  private boolean failing;
  private boolean isCommitted = true;
  private int batchSize = LEAST;

  private Intake(
      String name,
      Consumer<byte[], byte[]> consumer,
      Database database,
      Recorder<?> recorder,
      DeadLetters deadLetters,
      MeterRegistry metrics,
      StuckWatch stuck) {
    this.consumer = consumer;
    this.database = database;
    this.recorder = recorder;
    this.deadLetters = deadLetters;
    this.stuck = stuck;
    this.recorded = metrics.counter("cinch.intake.records", "intake", name);
    Gauge.builder("cinch.intake.lag", lag, AtomicLong::get)
        .description("Records on the partitions of this instance that are not recorded yet")
        .tag("intake", name)
        .strongReference(true)
        .register(metrics);
    this.thread =
        Thread.ofVirtual()
            .name(name)
            .uncaughtExceptionHandler(LastResort.died(log, "intake"))
            .unstarted(this::consume);
  }

  /**
   * @param consumer this takes it over and closes it
   */
  public static Intake start(
      String name,
      Consumer<byte[], byte[]> consumer,
      Collection<Topic<?>> topics,
      Database database,
      Recorder<?> recorder,
      DeadLetters deadLetters,
      MeterRegistry metrics) {
    return start(
        name, consumer, topics, database, recorder, deadLetters, metrics, new StuckWatch());
  }

  static Intake start(
      String name,
      Consumer<byte[], byte[]> consumer,
      Collection<Topic<?>> topics,
      Database database,
      Recorder<?> recorder,
      DeadLetters deadLetters,
      MeterRegistry metrics,
      StuckWatch stuck) {
    Intake intake = new Intake(name, consumer, database, recorder, deadLetters, metrics, stuck);
    consumer.subscribe(topics.stream().map(Topic::name).toList());
    intake.thread.start();
    return intake;
  }

  private void consume() {
    try (consumer) {
      while (open) {
        stuck.begins();
        turn();
        lag.set(lag());
      }
    } catch (WakeupException e) {
      log.debug("intake={} closing", thread.getName());
    } catch (InterruptedException e) {
      log.debug("intake={} interrupted", thread.getName());
    }
  }

  private long lag() {
    return backlog.size()
        + consumer.assignment().stream()
            .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
            .sum();
  }

  private void turn() throws InterruptedException {
    ConsumerRecords<byte[], byte[]> polled =
        consumer.poll(backlog.isEmpty() ? POLL : Duration.ZERO);
    backlog.add(polled);
    // Also past what is no record, as the end of a transaction: all before it is recorded.
    isCommitted &= polled.nextOffsets().isEmpty();
    backlog.keep(consumer.assignment());
    if (backlog.isFull()) {
      consumer.pause(consumer.assignment());
    } else {
      consumer.resume(consumer.paused());
    }
    List<Incoming> batch = backlog.next(batchSize);
    if (!batch.isEmpty()) {
      long began = System.nanoTime();
      try {
        write(recorder, batch);
        recorder.recorded();
      } catch (WakeupException e) {
        throw e;
      } catch (RuntimeException e) {
        LastResort.endIfOutOfMemory(e);
        again(e);
        return;
      }
      backlog.recorded(batch);
      recorded.increment(batch.size());
      failing = false;
      isCommitted = false;
      size(batch.size(), Duration.ofNanos(System.nanoTime() - began));
    }
    commit();
    if (!batch.isEmpty() && backlog.isEmpty()) {
      Thread.sleep(recorder.pause());
    }
  }

  /**
   * As many as are written in a moment: whoever comes next waits for no more than that. How quickly
   * fewer are written says nothing about more.
   */
  private void size(int written, Duration took) {
    if (took.compareTo(MOMENT) > 0) {
      batchSize = Math.max(LEAST, batchSize / 2);
    } else if (written == batchSize && took.multipliedBy(2).compareTo(MOMENT) < 0) {
      batchSize = Math.min(MOST, batchSize * 2);
    }
  }

  /**
   * Not waited for: what comes again is recorded once. What cannot be committed now, as while the
   * group rebalances, is committed at the next turn.
   */
  private void commit() {
    if (isCommitted) {
      return;
    }
    isCommitted = true;
    consumer.commitAsync(
        backlog.offsets(),
        (offsets, failure) -> {
          if (failure != null) {
            isCommitted = false;
            log.info(
                "intake={} commits its offsets later: {}", thread.getName(), failure.toString());
          }
        });
  }

  private <T> void write(Recorder<T> to, List<Incoming> batch) {
    List<T> read = batch.stream().map(to::read).toList();
    try {
      database.write(transaction -> to.record(transaction, read));
    } catch (DataAccessException e) {
      requireOfTheData(e);
      for (int i = 0; i < batch.size(); i++) {
        writeAlone(to, batch.get(i), read.get(i));
      }
    }
  }

  private <T> void writeAlone(Recorder<T> to, Incoming record, T read) {
    try {
      database.write(transaction -> to.record(transaction, List.of(read)));
    } catch (DataAccessException e) {
      requireOfTheData(e);
      log.warn("cannot record id={}", record.position(), e);
      database.write(
          transaction ->
              deadLetters.put(transaction, record, "it cannot be stored: a value is out of range"));
    }
  }

  /**
   * SQL states 22 (a value), 23 (a constraint) and 54 (too long for an index): trying again cannot
   * help. Others may pass.
   */
  private static void requireOfTheData(DataAccessException e) {
    if (Stream.of("22", "23", "54").noneMatch(e.sqlState()::startsWith)) {
      throw e;
    }
  }

  /** From the first on that is not recorded; what comes twice is recorded once. */
  private void again(RuntimeException e) throws InterruptedException {
    if (!failing && !Database.isAway(e)) {
      log.warn("intake={} cannot record, trying again", thread.getName(), e);
      failing = true;
    }
    backlog.keep(consumer.assignment());
    backlog.offsets().forEach(consumer::seek);
    backlog.clear();
    batchSize = LEAST;
    Thread.sleep(PAUSE);
  }

  @Override
  public Check check() {
    return stuck.check("the intake " + thread.getName(), thread);
  }

  /** Finishes the batch in flight, leaves the group. */
  @Override
  public void close() {
    open = false;
    consumer.wakeup();
    try {
      if (!thread.join(TIME_TO_FINISH)) {
        log.warn("intake={} did not finish in {} s", thread.getName(), TIME_TO_FINISH.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
