package sh.cinch.ingress.webhooks.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.Site;
import sh.cinch.ingress.heads.Expectation;
import sh.cinch.ingress.heads.ExpectedPushes;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Notifications;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.outbox.Outbox;

/**
 * Publishes pushes, each as a whole and those of one repository in the order they came: straight to
 * Kafka, or into the outbox where Kafka does not take them or earlier ones of the repository are
 * still there.
 */
public final class PushPublisher implements Checked, AutoCloseable {

  /** What waited this long for its turn has no time left to wait for Kafka as well. */
  private static final Duration LATE = Duration.ofSeconds(2);

  /** The forge gives up soon after. */
  private static final Duration TOO_LATE = Duration.ofSeconds(5);

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final PushEvents events;
  private final ExpectedPushes expected;
  private final DirectPublisher direct;
  private final PushOutbox pushOutbox;
  private final KeyedExecutor executor = new KeyedExecutor();
  private final PushLines<Waiting> lines = new PushLines<>(this::publish);
  private final Loop look;
  private final Notifications others;

  /** A push on its way. */
  private record Waiting(
      List<ProducerRecord<byte[], byte[]>> records,
      Instant since,
      CompletableFuture<Publication> publication) {

    void end(@Nullable Publication how, @Nullable Throwable failure) {
      if (failure == null) {
        publication.complete(how);
      } else {
        publication.completeExceptionally(failure);
      }
    }
  }

  private PushPublisher(
      ServiceContext context,
      PushProducers producers,
      BooleanSupplier mayProduce,
      Outbox outbox,
      Site site,
      ExpectedPushes expected,
      Runnable stored) {
    this.clock = context.clock();
    this.events = new PushEvents(site);
    this.expected = expected;
    this.direct = new DirectPublisher(producers, mayProduce, clock);
    this.pushOutbox = new PushOutbox(context.database(), outbox, stored);
    this.look = Loop.start("push-outbox", pushOutbox::look, LOOK);
    this.others =
        Notifications.start(context.database(), PushOutbox.CHANNEL, pushOutbox.others(look::wake));
  }

  /**
   * @param mayProduce whether the topic is as it must be
   * @param outbox what Kafka does not take in time; somebody else drains it
   * @param site where repositories are cloned from, {@code https://bitbucket.org}
   * @param expected pushes that were missed, and that a delivery may bring after all
   * @param stored told when there is something to drain
   */
  public static PushPublisher start(
      ServiceContext context,
      PushProducers producers,
      BooleanSupplier mayProduce,
      Outbox outbox,
      Site site,
      ExpectedPushes expected,
      Runnable stored) {
    return new PushPublisher(context, producers, mayProduce, outbox, site, expected, stored);
  }

  /**
   * Runs work that ends in {@link #publish} on a virtual thread, once all that was handed in for
   * this repository before is published or waits to be. Returns at once.
   */
  public void inTurn(UUID repositoryId, Runnable work) {
    executor.run(repositoryId, work);
  }

  /**
   * The same for work that rarely needs a thread.
   *
   * @param atOnce asked on this thread where the repository has nothing before it, and must not
   *     block: whether that was all of the work. It ends in {@link #publishAtOnce}
   * @param work all of it otherwise
   */
  public void inTurn(UUID repositoryId, BooleanSupplier atOnce, Runnable work) {
    executor.run(repositoryId, atOnce, work);
  }

  /** Whether a delivery of this repository must be held against pushes that were missed. */
  public boolean expects(UUID repositoryId) {
    return expected.isAny(repositoryId);
  }

  /**
   * To be called in the repository's turn by what is {@linkplain #expects not expected}: what comes
   * next is published after this. Never blocks; completed by whatever thread, after a few seconds
   * at most.
   */
  public CompletableFuture<Publication> publishAtOnce(Push push) {
    return handIn(push, Expectation.NONE);
  }

  /**
   * To be called in the repository's turn, which ends with it: what comes next is published after
   * this, and need not wait for it. May block; completed after a few seconds at most.
   */
  public CompletableFuture<Publication> publish(Push push) {
    CompletableFuture<Publication> publication = publishWithinTurn(push);
    executor.over(push.repository().id());
    return publication;
  }

  /** The same where what comes next has to know what became of it. */
  public CompletableFuture<Publication> publishWithinTurn(Push push) {
    return handIn(push, met(push));
  }

  /** What is published of a repository from now on comes after what is in the outbox. */
  public void mustWait(UUID repository) {
    pushOutbox.mustWait(repository);
  }

  private CompletableFuture<Publication> handIn(Push push, Expectation met) {
    UUID repository = push.repository().id();
    if (met.isBehind()) {
      pushOutbox.mustWait(repository);
    }
    Waiting waiting =
        new Waiting(
            events.of(push, met.ids()).stream().map(event -> record(push, event)).toList(),
            push.begunAt(),
            new CompletableFuture<>());
    lines.add(repository, waiting);
    return waiting.publication();
  }

  /** What Cinch composed itself, or was published before, is no delivery that was missed. */
  private Expectation met(Push push) {
    return push.test() || push.replay().isPresent()
        ? Expectation.NONE
        : expected.meet(push.repository().id(), push::heads, push.firstRequestId());
  }

  private static ProducerRecord<byte[], byte[]> record(Push push, Event<PushEvent> event) {
    ProducerRecord<byte[], byte[]> record = event.toRecord();
    push.replay()
        .filter(replay -> replay.again().isEmpty())
        .ifPresent(
            replay ->
                record.headers().add(Incoming.REPLAY, replay.id().toString().getBytes(UTF_8)));
    return record;
  }

  private void publish(UUID repository, List<Waiting> some, Runnable over) {
    List<Waiting> inTime = inTime(some);
    if (inTime.isEmpty()) {
      over.run();
      return;
    }
    List<ProducerRecord<byte[], byte[]>> records =
        inTime.stream().flatMap(one -> one.records().stream()).toList();
    boolean isLate = hasWaited(inTime.getFirst(), LATE);
    CompletableFuture<Void> unused =
        publishedAtOnce(repository, records, isLate)
            .thenCompose(
                isPublished ->
                    isPublished
                        ? CompletableFuture.completedFuture(Publication.PUBLISHED)
                        : publishedSlowly(repository, records, isLate))
            .handle(
                (publication, failure) -> {
                  over.run();
                  inTime.forEach(one -> one.end(publication, failure));
                  return null;
                });
  }

  /** Whoever has waited for too long was given up by the forge; the others come in their order. */
  private List<Waiting> inTime(List<Waiting> some) {
    List<Waiting> inTime = new ArrayList<>(some.size());
    for (Waiting one : some) {
      if (hasWaited(one, TOO_LATE)) {
        one.end(Publication.NO_ROOM, null);
      } else {
        inTime.add(one);
      }
    }
    return inTime;
  }

  /** Where nothing that memory knows of is in the way. */
  private CompletableFuture<Boolean> publishedAtOnce(
      UUID repository, List<ProducerRecord<byte[], byte[]>> records, boolean isLate) {
    return !isLate && !pushOutbox.mayHold(repository) && direct.isOpen()
        ? direct.publish(records)
        : CompletableFuture.completedFuture(false);
  }

  private CompletableFuture<Publication> publishedSlowly(
      UUID repository, List<ProducerRecord<byte[], byte[]>> records, boolean isLate) {
    return CompletableFuture.supplyAsync(
        () -> publication(repository, records, isLate),
        task -> Thread.ofVirtual().name("publish").start(task));
  }

  private Publication publication(
      UUID repository, List<ProducerRecord<byte[], byte[]>> records, boolean isLate) {
    if (!isLate && !pushOutbox.holds(repository) && direct.published(records)) {
      return Publication.PUBLISHED;
    }
    return pushOutbox.stored(repository, records) ? Publication.IN_OUTBOX : Publication.NO_ROOM;
  }

  private boolean hasWaited(Waiting one, Duration span) {
    return Duration.between(one.since(), clock.instant()).compareTo(span) > 0;
  }

  @Override
  public Check check() {
    return look.check() instanceof Check.Unwell unwell ? unwell : others.check();
  }

  @Override
  public void close() {
    others.close();
    look.close();
  }
}
