package sh.cinch.ingress.pushes;

import static sh.cinch.database.ingress.Tables.PUSH_CONSUMER;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import sh.cinch.ingress.pushes.PushConsumer.OpenBatch;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.http.Problem;
import sh.cinch.service.retention.Retention;

/** Reads pushes from a cursor on, and waits for them. Blocks: never on an event loop. */
public final class Pushes implements Checked, AutoCloseable {

  /** A cursor for what is kept from its beginning. */
  private static final String EARLIEST = "earliest";

  /** How long a batch is one caller's, unless it is acknowledged before. */
  static final Duration BATCH_KEPT = Duration.ofMinutes(2);

  /** How long a consumer that nobody uses is remembered: as long as what it has not read. */
  static final Duration IDLE_KEPT = Topic.PUSH.retention();

  /** How long others' pushes are passed over before a caller is told how far that is. */
  private static final Duration PASSING = Duration.ofSeconds(5);

  /** Many a proxy gives an answer a minute. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(55);

  private static final long REMEMBERED_BYTES = 8 * 1024 * 1024;

  private final Running running = new Running();
  private final PushTopic topic;
  private final PushTail tail;
  private final PushReaders readers;
  private final PushConsumers consumers;
  private final InstantSource clock;
  private final Counter given;
  private final Counter behind;

  private Pushes(ServiceContext context, String name, long remembered) {
    this.topic = running.with(new PushTopic(context.kafka(), name));
    this.readers = running.with(new PushReaders(context.kafka(), topic));
    this.tail = running.with(PushTail.start(context.kafka(), topic, remembered));
    this.clock = context.clock();
    this.consumers = new PushConsumers(context.database(), clock);
    MeterRegistry metrics = context.metrics();
    this.given =
        Counter.builder("cinch.pushes.given")
            .description("Push events that were given to runners without Kafka")
            .register(metrics);
    this.behind =
        Counter.builder("cinch.pushes.behind")
            .description(
                "Times that Kafka was read for a caller who was further behind than memory")
            .register(metrics);
    Gauge.builder("cinch.pushes.open", tail, PushTail::waiting)
        .description("Calls that read pushes or wait for some")
        .register(metrics);
  }

  public static Pushes start(ServiceContext context) {
    return start(context, Topic.PUSH.name(), REMEMBERED_BYTES);
  }

  /**
   * @param remembered how many bytes of the newest records are in memory
   */
  static Pushes start(ServiceContext context, String topic, long remembered) {
    return new Pushes(context, topic, remembered);
  }

  /** Consumers that nobody has used for long. */
  public static Retention.Kind oldConsumers() {
    return new Retention.Kind(
        "push-consumers", IDLE_KEPT, Retention.of(PUSH_CONSUMER, PUSH_CONSUMER.USED_AT));
  }

  /** Those of a token that is no more, with the transaction that ends it. */
  public static void forgetConsumers(DSLContext transaction, byte[] tokenHash) {
    PushConsumers.forget(transaction, tokenHash);
  }

  /**
   * Somebody begins to read, and perhaps to wait; whoever opens it closes it.
   *
   * @param mayRead whose pushes they may see; asked anew now and then, and what it throws ends it
   */
  public PushWait open(Supplier<Predicate<Repository>> mayRead) {
    PushWait wait = new PushWait(mayRead, tail::without);
    tail.with(wait);
    return wait;
  }

  /**
   * What comes after a cursor; nothing where there is none for so long.
   *
   * @param after empty: from now on
   * @throws Problem 400, 410, 503 as {@link PushCursor} and {@link PushReaders} say
   */
  public PushBatch read(Optional<String> after, int limit, Duration waiting, PushWait wait) {
    Deadline deadline = new Deadline(waiting);
    PushTopic.Layout layout = topic.layout();
    PushCursor at = start(after, layout);
    while (limit > 0) {
      Batch batch = Batch.of(at, limit, wait.visible());
      step(batch, layout);
      at = batch.next();
      if (!batch.items().isEmpty()) {
        return give(batch);
      }
      if (wait.isOver() || deadline.isOver(batch)) {
        break;
      }
      deadline.pause(batch, wait);
    }
    return PushBatch.none(at);
  }

  /**
   * The next batch of a consumer, which then is this caller's for two minutes; nothing where there
   * is none for so long.
   *
   * @param after acknowledges the open batch where it is its end; where a new consumer begins
   * @throws Problem 400, 410, 503 as of {@link #read}, 409 where the token has too many consumers
   */
  public PushBatch next(
      ConsumerName who, Optional<String> after, int limit, Duration waiting, PushWait wait) {
    wait.of(who);
    Deadline deadline = new Deadline(waiting);
    PushTopic.Layout layout = topic.layout();
    Optional<PushConsumer> known = consumers.find(who);
    if (known.isEmpty()) {
      consumers.begin(who, start(after, layout));
    } else if (after.isPresent()) {
      acknowledge(who, known.get(), after.get(), layout);
    }
    while (true) {
      PushConsumer consumer = consumers.find(who).orElseThrow(Pushes::forgotten);
      consumers.noteUse(who, consumer);
      if (consumer.position().offsets().size() > layout.earliest().size()) {
        layout = topic.layout(); // somebody has seen partitions that were just added
      }
      boolean mayTake = limit > 0 && !wait.isOver();
      if (consumer.open().isPresent()) {
        OpenBatch open = consumer.open().get();
        boolean isFree = !open.freeAt().isAfter(clock.instant());
        if (mayTake && isFree) {
          PushCursor from = consumer.position().in(layout);
          if (consumers.change(
              who, consumer, consumer.position(), Optional.of(claimed(open.end())))) {
            return again(from, open.end(), layout, wait);
          }
        } else if (!mayTake || deadline.isOver()) {
          return PushBatch.none(consumer.position());
        } else {
          deadline.pause(Duration.between(clock.instant(), open.freeAt()), wait);
        }
      } else if (!mayTake) {
        return PushBatch.none(consumer.position());
      } else {
        Batch batch = Batch.of(consumer.position().in(layout), limit, wait.visible());
        step(batch, layout);
        Optional<PushBatch> taken = take(who, consumer, batch, deadline, wait);
        if (taken.isPresent()) {
          return taken.get();
        }
      }
    }
  }

  /** Empty where there is nothing yet, or somebody was faster. */
  private Optional<PushBatch> take(
      ConsumerName who, PushConsumer consumer, Batch batch, Deadline deadline, PushWait wait) {
    if (!batch.items().isEmpty()) {
      return !wait.isOver()
              && consumers.change(
                  who, consumer, consumer.position(), Optional.of(claimed(batch.next())))
          ? Optional.of(give(batch))
          : Optional.empty();
    }
    // Nothing is skipped by whoever was faster: what was read had nothing for this consumer.
    boolean isLate =
        !batch.next().equals(consumer.position())
            && !consumers.change(who, consumer, batch.next(), Optional.empty());
    if (wait.isOver() || deadline.isOver(batch)) {
      return Optional.of(PushBatch.none(isLate ? consumer.position() : batch.next()));
    }
    deadline.pause(batch, wait);
    return Optional.empty();
  }

  private void acknowledge(
      ConsumerName who, PushConsumer known, String after, PushTopic.Layout layout) {
    if (after.equals(EARLIEST)) {
      if (isGone(known.position(), layout)) {
        boolean unused = consumers.change(who, known, layout.beginning(), Optional.empty());
      }
      return;
    }
    PushCursor acknowledged = PushCursor.of(after);
    PushConsumer consumer = known;
    while (consumer.open().filter(open -> open.end().equals(acknowledged)).isPresent()) {
      if (consumers.change(who, consumer, acknowledged, Optional.empty())) {
        tail.wake(who);
        return;
      }
      consumer = consumers.find(who).orElseThrow(Pushes::forgotten);
    }
  }

  private static boolean isGone(PushCursor position, PushTopic.Layout layout) {
    try {
      PushCursor unused = position.in(layout);
      return false;
    } catch (Problem gone) {
      return true;
    }
  }

  private PushBatch again(PushCursor from, PushCursor to, PushTopic.Layout layout, PushWait wait) {
    Batch batch = Batch.again(from, to, wait.visible());
    do {
      step(batch, layout);
    } while (!batch.isAtEnd());
    return new PushBatch(counted(batch).items(), to.text());
  }

  private OpenBatch claimed(PushCursor end) {
    return new OpenBatch(end, clock.instant().plus(BATCH_KEPT));
  }

  private PushBatch give(Batch batch) {
    return new PushBatch(counted(batch).items(), batch.next().text());
  }

  private Batch counted(Batch batch) {
    given.increment(batch.items().size());
    return batch;
  }

  private static PushCursor start(Optional<String> after, PushTopic.Layout layout) {
    return after
        .map(text -> text.equals(EARLIEST) ? layout.beginning() : PushCursor.of(text).in(layout))
        .orElseGet(layout::end);
  }

  /** Reads on, as far as that goes at once. */
  private void step(Batch batch, PushTopic.Layout layout) {
    PushCursor before = batch.next();
    if (!tail.read(batch, layout.latest())) {
      behind.increment();
      readers.read(batch);
      if (!batch.isAtEnd() && batch.next().equals(before)) {
        throw PushTopic.notNow();
      }
    }
  }

  private static Problem forgotten() {
    return new Problem(
        409, "No such consumer", "The consumer was forgotten meanwhile; ask again to begin anew.");
  }

  @Override
  public Check check() {
    return tail.check();
  }

  @Override
  public void close() {
    running.close();
  }

  /** How long a call may still take. */
  private static final class Deadline {
    private final long waited;
    private final long passed;

    Deadline(Duration waiting) {
      long now = System.nanoTime();
      long wait = Math.min(waiting.toNanos(), LONGEST_WAIT.toNanos());
      waited = now + wait;
      passed = now + Math.max(wait, PASSING.toNanos());
    }

    boolean isOver() {
      return System.nanoTime() - waited >= 0;
    }

    /** There is something to read, or nothing more is waited for. */
    boolean isOver(Batch read) {
      return System.nanoTime() - (read.isAtEnd() ? waited : passed) >= 0;
    }

    void pause(Batch read, PushWait wait) {
      if (read.isAtEnd()) {
        pause(LONGEST_WAIT, wait);
      } else {
        wait.look();
      }
    }

    void pause(Duration atMost, PushWait wait) {
      Duration left = Duration.ofNanos(waited - System.nanoTime());
      wait.pause(left.compareTo(atMost) < 0 ? left : atMost);
    }
  }
}
