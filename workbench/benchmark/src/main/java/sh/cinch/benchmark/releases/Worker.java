package sh.cinch.benchmark.releases;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import sh.cinch.benchmark.stand.EventLoops;
import sh.cinch.benchmark.stand.Stand;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.releaseworker.ReleaseWorkerConfig;
import sh.cinch.releaseworker.ReleaseWorkerService;
import sh.cinch.releaseworker.send.LeastRate;
import sh.cinch.releaseworker.source.SourceRules;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.Listen;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.retention.RetentionDays;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.trace.Traceparent;

/** A release-worker as in production, and whoever asks it for releases and waits for outcomes. */
final class Worker implements AutoCloseable {

  private static final long LARGEST = 1L << 40;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Running running = new Running();
  private final ReleaseStand stand;
  private final EventLoops loops;
  private final ServiceContext context;
  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> outcomes;

  Worker(ReleaseStand stand) {
    this.stand = stand;
    try {
      loops = EventLoops.start();
      context = running.with(stand.stand().context(loops.vertx()));
      running.with(ReleaseWorkerService.start(config(), context));
      producer = running.with(context.kafka().producer(PATIENCE));
      outcomes = running.with(context.kafka().reader());
      List<TopicPartition> partitions =
          outcomes.partitionsFor(Topic.OUTCOME.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      outcomes.assign(partitions);
      outcomes.seekToBeginning(partitions);
      send(Topic.CONNECTION, UUID.randomUUID().toString(), connection());
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private ReleaseWorkerConfig config() {
    return new ReleaseWorkerConfig(
        Listen.onLoopback(),
        stand.stand().kafka(),
        stand.stand().databaseSettings(),
        URI.create("http://localhost:" + stand.stand().port()),
        Secret.of(Stand.RELEASE_SECRET),
        stand.source().url(),
        Site.bitbucketCloud(stand.stand().simulator().url(), stand.stand().simulator().url()),
        HourlyLimit.of(0),
        new SourceRules(List.of(), List.of()),
        LARGEST,
        2 * ReleaseStand.AT_ONCE,
        ReleaseStand.LONGEST,
        new LeastRate(0, ReleaseStand.LONGEST),
        RetentionDays.RELEASES.usual());
  }

  private ConnectionEvent connection() {
    return new ConnectionEvent(
        stand.repository(),
        null,
        List.of(),
        ConnectionEvent.State.CONNECTED,
        stand.credential(),
        null,
        context.clock().instant());
  }

  EventLoops loops() {
    return loops;
  }

  /** Asks for a release of these files, and returns once it is told that it was delivered. */
  void release(Workload load, List<String> names) {
    String source = "artifact:" + load.content().id();
    List<ReleaseRequest.File> files =
        names.stream()
            .map(
                name ->
                    new ReleaseRequest.File(
                        name, source, load.content().size(), load.sha256(), null))
            .toList();
    String id = UUID.randomUUID().toString();
    send(
        Topic.RELEASE_REQUEST,
        id,
        new ReleaseRequest(
            RepositoryRef.byId(stand.repository().id()),
            ReleaseStand.TAG,
            stand.commit(),
            null,
            files));
    long end = System.nanoTime() + ReleaseStand.LONGEST.toNanos();
    while (!isDelivered(id)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("the release does not come to its end");
      }
    }
  }

  private boolean isDelivered(String id) {
    boolean delivered = false;
    for (ConsumerRecord<byte[], byte[]> record : outcomes.poll(POLL)) {
      Optional<Outcome> outcome = read(record).filter(one -> id.equals(one.causedBy()));
      delivered |= outcome.filter(Worker::isDelivery).isPresent();
    }
    return delivered;
  }

  private static Optional<Outcome> read(ConsumerRecord<byte[], byte[]> record) {
    return switch (EventJson.read(record.value(), Outcome.class)) {
      case Reading.Good<Outcome>(Outcome outcome) -> Optional.of(outcome);
      case Reading.Bad<Outcome> bad -> Optional.empty();
    };
  }

  /** What waits for its turn is on its way; whatever else happens to a file is no figure. */
  private static boolean isDelivery(Outcome outcome) {
    boolean isRelease = outcome.kind() == Outcome.Kind.RELEASE;
    return switch (outcome.result()) {
      case DELIVERED -> isRelease;
      case WAITING -> {
        if (!isRelease) {
          throw new IllegalStateException("the release-worker waits: " + outcome.reason());
        }
        yield false;
      }
      case FAILED, SUPERSEDED ->
          throw new IllegalStateException("the release came to nothing: " + outcome.reason());
    };
  }

  private <T> void send(Topic<T> topic, String id, T body) {
    Event<T> event =
        new Event<>(
            topic,
            stand.repository().id().toString(),
            id,
            URI.create("/cinch/benchmark"),
            stand.repository().fullName(),
            context.clock().instant(),
            Traceparent.begin(),
            body);
    try {
      producer.send(event.toRecord()).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka does not take a record", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    running.close();
  }
}
