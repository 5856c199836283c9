package sh.cinch.statusworker;

import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import sh.cinch.forge.Forge;
import sh.cinch.forge.Forges;
import sh.cinch.forge.call.RequestCounts;
import sh.cinch.forge.cloud.BitbucketCloud;
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
import sh.cinch.statusworker.intake.BuildStateIntake;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.post.StatusPoster;
import sh.cinch.statusworker.statuses.CommitStatuses;

/** A running status-worker: from the topic to the rows, from the rows to Bitbucket. */
public final class StatusWorkerService implements AutoCloseable {

  static final String NAME = "status-worker";

  private static final Duration PRODUCING = Duration.ofSeconds(10);
  private static final Duration DRAINING = Duration.ofMillis(500);
  private static final Duration COUNTING = Duration.ofSeconds(5);

  private final Running running;
  private final ManagementServer management;

  private StatusWorkerService(Running running, ManagementServer management) {
    this.running = running;
    this.management = management;
  }

  /**
   * @param context stay the caller's to close
   * @throws IllegalStateException where a topic cannot be used as it is
   */
  public static StatusWorkerService start(StatusWorkerConfig config, ServiceContext context) {
    return start(config, context, List.of());
  }

  /**
   * @param others forges beside the configured one; closed with this
   */
  public static StatusWorkerService start(
      StatusWorkerConfig config, ServiceContext context, List<Forge> others) {
    Running running = new Running();
    try {
      return start(config, context, others, running);
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private static StatusWorkerService start(
      StatusWorkerConfig config, ServiceContext context, List<Forge> others, Running running) {
    Topics.ensure(
        context.kafka(),
        List.of(Topic.BUILD_STATE, Topic.CONNECTION, Topic.OUTCOME, Topic.DEAD_LETTER));
    Outbox outbox = new Outbox(NAME);
    DeadLetters deadLetters = new DeadLetters(NAME, outbox, context.clock());
    Outcomes outcomes = new Outcomes(outbox, context.metrics(), context.clock());
    CommitStatuses statuses = new CommitStatuses(outcomes, context.clock());

    var producer = running.with(context.kafka().producer(PRODUCING));
    OutboxDrain drain =
        new OutboxDrain(context.database(), outbox, producer::send, context.metrics());
    // Closed after the loop and the poster: what was settled last is sent, too.
    running.with(drain::run);
    Loop sending = running.with(Loop.start("status-outbox", drain, DRAINING));
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
                    StatusPoster.AT_ONCE),
                others));
    StatusPoster poster =
        running.with(
            new StatusPoster(
                context, statuses, connections, forges, outcomes, deadLetters, sending::wake));
    Loop counting = running.with(count(context, statuses));
    Intake intake =
        running.with(
            Intake.start(
                "build-state-intake",
                context.kafka().consumer(NAME),
                List.of(Topic.BUILD_STATE),
                context.database(),
                new BuildStateIntake(
                    connections,
                    statuses,
                    outcomes,
                    deadLetters,
                    context.metrics(),
                    () -> {
                      poster.wake();
                      sending.wake();
                    }),
                deadLetters,
                context.metrics()));
    Health health =
        new Health()
            .with("database", context.database())
            .with("connections", connections)
            .with("intake", intake)
            .with("poster", poster)
            .with("outbox", sending)
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
    return new StatusWorkerService(running, management);
  }

  private static Loop count(ServiceContext context, CommitStatuses statuses) {
    AtomicInteger backlog = new AtomicInteger();
    Gauge.builder("cinch.status.backlog", backlog, AtomicInteger::get)
        .description("Statuses that wait to be posted")
        .strongReference(true)
        .register(context.metrics());
    return Loop.start(
        "status-backlog",
        () -> {
          backlog.set(statuses.backlog(context.database().sql()));
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
