package sh.cinch.ingress.webhooks.publish;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.outbox.OutboxDrain;

/**
 * Publishes pushes, each as a whole and those of one repository in the order they came: straight to
 * Kafka, or into the outbox where Kafka does not take them or earlier ones of the repository are
 * still there. It owns the ingress' producer and empties the ingress' outbox.
 */
public final class PushPublisher implements Checked, AutoCloseable {

  /** How long one record may take; what waits longer goes by the outbox. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** What waited this long for its turn has no time left to wait for Kafka as well. */
  private static final Duration LATE = Duration.ofSeconds(2);

  /** Whoever delivered has given up soon after. */
  private static final Duration TOO_LATE = Duration.ofSeconds(5);

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(1);
  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;
  private final InstantSource clock;
  private final PushEvents events;
  private final DirectPublisher direct;
  private final PushOutbox pushOutbox;
  private final KeyedExecutor turns = new KeyedExecutor();
  private final Loop look;
  private final Loop drain;

  private PushPublisher(ServiceContext context, Outbox outbox, URI forge) {
    this.producer = context.kafka().producer(PATIENCE);
    this.clock = context.clock();
    this.events = new PushEvents(forge);
    this.direct = new DirectPublisher(producer, clock);
    this.pushOutbox = new PushOutbox(context.database(), outbox);
    this.look = Loop.start("push-outbox", pushOutbox::look, LOOK);
    this.drain =
        Loop.start(
            "outbox",
            new OutboxDrain(context.database(), outbox, producer::send, context.metrics()),
            DRAIN);
  }

  /**
   * @param outbox the ingress' own; whatever else is in it is sent too
   * @param forge where repositories are cloned from, {@code https://bitbucket.org}
   */
  public static PushPublisher start(ServiceContext context, Outbox outbox, URI forge) {
    return new PushPublisher(context, outbox, forge);
  }

  /**
   * Runs work that ends in {@link #publish} on a virtual thread, once all that was handed in for
   * this repository before is done. Returns at once.
   */
  public void inTurn(UUID repositoryId, Runnable work) {
    turns.run(repositoryId, work);
  }

  /** To be called in the repository's turn. Takes a few seconds at most. */
  public Publication publish(Push push) {
    UUID repository = push.repository().id();
    Duration waited = Duration.between(push.receivedAt(), clock.instant());
    if (waited.compareTo(TOO_LATE) > 0) {
      return new Publication.NoRoom();
    }
    List<ProducerRecord<byte[], byte[]>> records =
        events.of(push).stream().map(Event::toRecord).toList();
    if (waited.compareTo(LATE) < 0 && !pushOutbox.holds(repository) && direct.published(records)) {
      return new Publication.Published();
    }
    return pushOutbox.stored(repository, records)
        ? new Publication.Spooled()
        : new Publication.NoRoom();
  }

  /** For records that no order is kept of. May block for seconds: never on an event loop. */
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
    return producer.send(record);
  }

  /** Something was put into the outbox: it need not wait for the next look. */
  public void drain() {
    drain.wake();
  }

  @Override
  public Check check() {
    return look.check() instanceof Check.Unwell unwell ? unwell : drain.check();
  }

  @Override
  public void close() {
    // Together: while the database is away each waits out its turn.
    Thread looking = Thread.startVirtualThread(look::close);
    drain.close();
    try {
      looking.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(TIME_TO_FINISH);
  }
}
