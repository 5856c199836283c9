package sh.cinch.releaseworker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import sh.cinch.releaseworker.board.Endings;
import sh.cinch.releaseworker.board.Places;
import sh.cinch.releaseworker.board.Releases;
import sh.cinch.releaseworker.forge.Bitbucket;
import sh.cinch.releaseworker.intake.ReleaseIntake;
import sh.cinch.releaseworker.outcome.Outcomes;
import sh.cinch.releaseworker.prepare.ReleasePreparer;
import sh.cinch.releaseworker.send.FileSender;
import sh.cinch.releaseworker.send.SendParts;
import sh.cinch.releaseworker.source.Sources;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Parts;
import sh.cinch.service.Running;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Health;
import sh.cinch.service.health.ManagementServer;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.intake.Intake;
import sh.cinch.service.kafka.Topics;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.outbox.OutboxDrain;

/** A running release-worker: from the topic to the board, from the sources to Bitbucket. */
public final class ReleaseWorkerService implements AutoCloseable {

  static final String NAME = "release-worker";

  private static final Duration PRODUCING = Duration.ofSeconds(10);
  private static final Duration DRAINING = Duration.ofMillis(500);
  private static final Duration COUNTING = Duration.ofSeconds(5);

  private final Running running;
  private final ManagementServer management;

  private ReleaseWorkerService(Running running, ManagementServer management) {
    this.running = running;
    this.management = management;
  }

  /**
   * @param parts stay the caller's to close
   * @throws IllegalStateException where a topic cannot be used as it is
   */
  public static ReleaseWorkerService start(ReleaseWorkerConfig config, Parts parts) {
    Running running = new Running();
    try {
      return start(config, parts, running);
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private static ReleaseWorkerService start(
      ReleaseWorkerConfig config, Parts parts, Running running) {
    Topics.ensure(
        parts.kafka(),
        List.of(Topic.RELEASE_REQUEST, Topic.CONNECTION, Topic.OUTCOME, Topic.DEAD_LETTER));
    Outbox outbox = new Outbox(NAME);
    DeadLetters deadLetters = new DeadLetters(NAME, outbox, parts.clock());
    Outcomes outcomes = new Outcomes(outbox, parts.metrics(), parts.clock());
    Releases releases = new Releases(parts.clock());
    Places places = new Places(parts.clock());
    Endings endings = new Endings(releases, outcomes, deadLetters, parts.clock());

    var producer = running.with(parts.kafka().producer(PRODUCING));
    OutboxDrain drain = new OutboxDrain(parts.database(), outbox, producer::send, parts.metrics());
    // Closed after the loop and the senders: what was settled last is told, too.
    running.with(drain::run);
    Loop telling = running.with(Loop.start("release-outbox", drain, DRAINING));
    ConnectionDirectory connections =
        running.with(ConnectionDirectory.start(parts.kafka().reader(), parts.kafka().reader()));
    Leases leases =
        new Leases(parts.vertx(), config.tokenService(), config.serviceSecret(), parts.clock());
    Bitbucket bitbucket =
        running.with(new Bitbucket(parts.vertx(), config.bitbucketApi(), config.uploads()));
    Sources sources =
        running.with(
            new Sources(parts.vertx(), config.sources(), config.ingress(), config.serviceSecret()));

    Wakes wakes = new Wakes(telling);
    FileSender sender =
        running.with(
            new FileSender(
                new SendParts(
                    parts.database(),
                    releases,
                    places,
                    endings,
                    outcomes,
                    connections,
                    leases,
                    bitbucket,
                    sources,
                    config.longest(),
                    Counter.builder("cinch.release.sent")
                        .description("Bytes of files on their way to Bitbucket")
                        .baseUnit("bytes")
                        .register(parts.metrics()),
                    parts.clock()),
                config.uploads(),
                wakes::settled));
    ReleasePreparer preparer =
        running.with(
            new ReleasePreparer(
                parts,
                releases,
                places,
                endings,
                outcomes,
                connections,
                leases,
                bitbucket,
                wakes::prepared));
    wakes.of(preparer, sender);
    Loop counting = running.with(count(parts, places, sender));
    Intake intake =
        running.with(
            Intake.start(
                "release-intake",
                parts.kafka().consumer(NAME),
                List.of(Topic.RELEASE_REQUEST),
                parts.database(),
                new ReleaseIntake(
                    connections,
                    sources::objection,
                    config.largest(),
                    releases,
                    outcomes,
                    deadLetters,
                    parts.metrics(),
                    wakes::recorded),
                deadLetters,
                parts.metrics()));
    Health health =
        new Health()
            .with("database", parts.database())
            .with("connections", connections)
            .with("intake", intake)
            .with("preparer", preparer)
            .with("sender", sender)
            .with("outbox", telling)
            .with("backlog", counting);
    ManagementServer management =
        running.with(
            ManagementServer.start(
                parts.vertx(), config.managementPort(), NAME, health, parts.metrics()));
    return new ReleaseWorkerService(running, management);
  }

  private static Loop count(Parts parts, Places places, FileSender sender) {
    AtomicInteger backlog = new AtomicInteger();
    Gauge.builder("cinch.release.backlog", backlog, AtomicInteger::get)
        .description("Files that wait to be sent, or are on their way")
        .strongReference(true)
        .register(parts.metrics());
    Gauge.builder("cinch.release.transfers", sender, FileSender::underWay)
        .description("Files on their way from here")
        .register(parts.metrics());
    return Loop.start(
        "release-backlog",
        () -> {
          backlog.set(places.backlog(parts.database().sql()));
          return false;
        },
        COUNTING);
  }

  public int managementPort() {
    return management.port();
  }

  @Override
  public void close() {
    running.close();
  }
}
