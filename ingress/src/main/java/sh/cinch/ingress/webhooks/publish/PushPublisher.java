package sh.cinch.ingress.webhooks.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.Site;
import sh.cinch.ingress.heads.Expectation;
import sh.cinch.ingress.heads.ExpectedPushes;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.service.ServiceContext;
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

  /** A push on its way. */
  private static final class Waiting {

    final List<ProducerRecord<byte[], byte[]>> records;
    final Instant since;
    Publication publication = Publication.NO_ROOM;

    Waiting(List<ProducerRecord<byte[], byte[]>> records, Instant since) {
      this.records = records;
      this.since = since;
    }
  }

  private PushPublisher(
      ServiceContext context,
      Producer<byte[], byte[]> producer,
      BooleanSupplier mayProduce,
      Outbox outbox,
      Site site,
      ExpectedPushes expected,
      Runnable stored) {
    this.clock = context.clock();
    this.events = new PushEvents(site);
    this.expected = expected;
    this.direct = new DirectPublisher(producer, mayProduce, clock);
    this.pushOutbox = new PushOutbox(context.database(), outbox, stored);
    this.look = Loop.start("push-outbox", pushOutbox::look, LOOK);
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
      Producer<byte[], byte[]> producer,
      BooleanSupplier mayProduce,
      Outbox outbox,
      Site site,
      ExpectedPushes expected,
      Runnable stored) {
    return new PushPublisher(context, producer, mayProduce, outbox, site, expected, stored);
  }

  /**
   * Runs work that ends in {@link #publish} on a virtual thread, once all that was handed in for
   * this repository before is published or waits to be. Returns at once.
   */
  public void inTurn(UUID repositoryId, Runnable work) {
    executor.run(repositoryId, work);
  }

  /**
   * To be called in the repository's turn, which ends with it: what comes next is published after
   * this, and need not wait for it. Takes a few seconds at most.
   */
  public Publication publish(Push push) {
    UUID repository = push.repository().id();
    return publish(push, () -> executor.over(repository));
  }

  /** The same where what comes next has to know what became of it. */
  public Publication publishWithinTurn(Push push) {
    return publish(push, () -> {});
  }

  /** What is published of a repository from now on comes after what is in the outbox. */
  public void mustWait(UUID repository) {
    pushOutbox.mustWait(repository);
  }

  private Publication publish(Push push, Runnable handedIn) {
    UUID repository = push.repository().id();
    Expectation met = met(push);
    if (met.isBehind()) {
      pushOutbox.mustWait(repository);
    }
    Waiting waiting =
        new Waiting(
            events.of(push, met.ids()).stream().map(event -> record(push, event)).toList(),
            push.begunAt());
    lines.publish(repository, waiting, handedIn);
    return waiting.publication;
  }

  /** What Cinch composed itself, or was published before, is no delivery that was missed. */
  private Expectation met(Push push) {
    return push.test() || push.replay().isPresent()
        ? Expectation.NONE
        : expected.meet(push.repository().id(), () -> heads(push), push.firstRequestId());
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

  private static Map<String, @Nullable String> heads(Push push) {
    Map<String, @Nullable String> heads = new HashMap<>();
    push.changes().forEach(change -> heads.put(change.ref(), change.newHash()));
    return heads;
  }

  private void publish(UUID repository, List<Waiting> some) {
    // Whoever has waited for too long was given up by the forge; the others come in their order.
    List<Waiting> inTime = some.stream().filter(one -> !hasWaited(one, TOO_LATE)).toList();
    if (inTime.isEmpty()) {
      return;
    }
    List<ProducerRecord<byte[], byte[]>> records =
        inTime.stream().flatMap(one -> one.records.stream()).toList();
    Publication publication = publication(repository, records, hasWaited(inTime.getFirst(), LATE));
    inTime.forEach(one -> one.publication = publication);
  }

  private Publication publication(
      UUID repository, List<ProducerRecord<byte[], byte[]>> records, boolean isLate) {
    if (!isLate && !pushOutbox.holds(repository) && direct.published(records)) {
      return Publication.PUBLISHED;
    }
    return pushOutbox.stored(repository, records) ? Publication.IN_OUTBOX : Publication.NO_ROOM;
  }

  private boolean hasWaited(Waiting one, Duration span) {
    return Duration.between(one.since, clock.instant()).compareTo(span) > 0;
  }

  @Override
  public Check check() {
    return look.check();
  }

  @Override
  public void close() {
    look.close();
  }
}
