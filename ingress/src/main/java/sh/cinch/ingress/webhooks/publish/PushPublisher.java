package sh.cinch.ingress.webhooks.publish;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import sh.cinch.forge.Site;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.outbox.Outbox;

/**
 * Publishes pushes, each as a whole and those of one repository in the order they came: straight to
 * Kafka, or into the outbox where Kafka does not take them or earlier ones of the repository are
 * still there.
 */
public final class PushPublisher implements Checked, AutoCloseable {

  /** What waited this long for its turn has no time left to wait for Kafka as well. */
  private static final Duration LATE = Duration.ofSeconds(2);

  /** Whoever delivered has given up soon after. */
  private static final Duration TOO_LATE = Duration.ofSeconds(5);

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final PushEvents events;
  private final DirectPublisher direct;
  private final PushOutbox pushOutbox;
  private final KeyedExecutor turns = new KeyedExecutor();
  private final Loop look;

  private PushPublisher(
      ServiceContext context, Producer<byte[], byte[]> producer, Outbox outbox, Site site) {
    this.clock = context.clock();
    this.events = new PushEvents(site);
    this.direct = new DirectPublisher(producer, clock);
    this.pushOutbox = new PushOutbox(context.database(), outbox);
    this.look = Loop.start("push-outbox", pushOutbox::look, LOOK);
  }

  /**
   * @param outbox what Kafka does not take in time; somebody else drains it
   * @param site where repositories are cloned from, {@code https://bitbucket.org}
   */
  public static PushPublisher start(
      ServiceContext context, Producer<byte[], byte[]> producer, Outbox outbox, Site site) {
    return new PushPublisher(context, producer, outbox, site);
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

  @Override
  public Check check() {
    return look.check();
  }

  @Override
  public void close() {
    look.close();
  }
}
