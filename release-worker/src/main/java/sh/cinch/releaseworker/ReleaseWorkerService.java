package sh.cinch.releaseworker;

import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import sh.cinch.forge.Forge;
import sh.cinch.forge.Forges;
import sh.cinch.forge.call.RequestCounts;
import sh.cinch.forge.cloud.BitbucketCloud;
import sh.cinch.releaseworker.intake.ReleaseIntake;
import sh.cinch.releaseworker.outcome.Outcomes;
import sh.cinch.releaseworker.prepare.ReleasePreparer;
import sh.cinch.releaseworker.releases.Downloads;
import sh.cinch.releaseworker.releases.ReleaseCompletion;
import sh.cinch.releaseworker.releases.Releases;
import sh.cinch.releaseworker.send.FileContents;
import sh.cinch.releaseworker.send.FileSender;
import sh.cinch.releaseworker.send.TransferSettlement;
import sh.cinch.releaseworker.source.Sources;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Health;
import sh.cinch.service.health.ManagementServer;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.intake.Intake;
import sh.cinch.service.kafka.Topics;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.outbox.OutboxDrain;

/** A running release-worker: from the topic to the rows, from the sources to Bitbucket. */
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
   * @param context stay the caller's to close
   * @throws IllegalStateException where a topic cannot be used as it is
   */
  public static ReleaseWorkerService start(ReleaseWorkerConfig config, ServiceContext context) {
    return start(config, context, List.of());
  }

  /**
   * @param others forges beside the configured one; closed with this
   */
  public static ReleaseWorkerService start(
      ReleaseWorkerConfig config, ServiceContext context, List<Forge> others) {
    Running running = new Running();
    try {
      return start(config, context, others, running);
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private static ReleaseWorkerService start(
      ReleaseWorkerConfig config, ServiceContext context, List<Forge> others, Running running) {
    Topics.ensure(
        context.kafka(),
        List.of(Topic.RELEASE_REQUEST, Topic.CONNECTION, Topic.OUTCOME, Topic.DEAD_LETTER));
    Outbox outbox = new Outbox(NAME);
    DeadLetters deadLetters = new DeadLetters(NAME, outbox, context.clock());
    Outcomes outcomes = new Outcomes(outbox, context.metrics(), context.clock());
    Releases releases = new Releases(context.clock());
    Downloads downloads = new Downloads(context.clock());
    ReleaseCompletion completion =
        new ReleaseCompletion(releases, outcomes, deadLetters, context.clock());

    var producer = running.with(context.kafka().producer(PRODUCING));
    OutboxDrain drain =
        new OutboxDrain(context.database(), outbox, producer::send, context.metrics());
    // Closed after the loop and the senders: what was settled last is told, too.
    running.with(drain::run);
    Loop telling = running.with(Loop.start("release-outbox", drain, DRAINING));
    ConnectionDirectory connections = running.with(ConnectionDirectory.start(context.kafka()));
    RequestCounts requests = new RequestCounts(context.clock(), context.metrics());
    Forges forges =
        running.with(
            Forges.of(
                BitbucketCloud.of(
                    context,
                    config.bitbucket(),
                    config.tokenService(),
                    config.serviceSecret(),
                    requests,
                    config.uploads()),
                others));
    Sources sources =
        running.with(
            new Sources(
                context.vertx(), config.sources(), config.ingress(), config.serviceSecret()));

    Wakes wakes = new Wakes(telling);
    FileSender sender =
        running.with(
            new FileSender(
                context.database(),
                downloads,
                connections,
                forges,
                new FileContents(context.database(), releases, sources, context.metrics()),
                new TransferSettlement(
                    context.database(), downloads, completion, outcomes, context.clock()),
                config.longest(),
                config.uploads(),
                wakes::settled));
    ReleasePreparer preparer =
        running.with(
            new ReleasePreparer(
                context,
                releases,
                downloads,
                completion,
                outcomes,
                connections,
                forges,
                wakes::prepared));
    wakes.of(preparer, sender);
    Loop counting = running.with(count(context, downloads, sender));
    Intake intake =
        running.with(
            Intake.start(
                "release-intake",
                context.kafka().consumer(NAME),
                List.of(Topic.RELEASE_REQUEST),
                context.database(),
                new ReleaseIntake(
                    connections,
                    sources::objection,
                    config.largest(),
                    releases,
                    outcomes,
                    deadLetters,
                    context.metrics(),
                    wakes::recorded),
                deadLetters,
                context.metrics()));
    Health health =
        new Health()
            .with("database", context.database())
            .with("connections", connections)
            .with("intake", intake)
            .with("preparer", preparer)
            .with("sender", sender)
            .with("outbox", telling)
            .with("backlog", counting);
    ManagementServer management =
        running.with(
            ManagementServer.start(
                context.vertx(),
                config.managementPort(),
                NAME,
                health,
                context.metrics(),
                Map.of("/requests", requests)));
    return new ReleaseWorkerService(running, management);
  }

  private static Loop count(ServiceContext context, Downloads downloads, FileSender sender) {
    AtomicInteger backlog = new AtomicInteger();
    Gauge.builder("cinch.release.backlog", backlog, AtomicInteger::get)
        .description("Files that wait to be sent, or are on their way")
        .strongReference(true)
        .register(context.metrics());
    Gauge.builder("cinch.release.transfers", sender, FileSender::underWay)
        .description("Files on their way from here")
        .register(context.metrics());
    return Loop.start(
        "release-backlog",
        () -> {
          backlog.set(downloads.backlog(context.database().sql()));
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
