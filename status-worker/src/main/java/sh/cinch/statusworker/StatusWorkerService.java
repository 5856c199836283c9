package sh.cinch.statusworker;

import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.util.List;
import sh.cinch.forge.Forge;
import sh.cinch.forge.Forges;
import sh.cinch.forge.call.Requests;
import sh.cinch.forge.cloud.BitbucketCloud;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.due.Loop;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.retention.Retention;
import sh.cinch.service.retention.Retention.Kind;
import sh.cinch.statusworker.disconnections.DisconnectionIntake;
import sh.cinch.statusworker.intake.BuildStateIntake;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.post.Resumption;
import sh.cinch.statusworker.post.StatusPoster;
import sh.cinch.statusworker.pushes.PushIntake;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.FormerStatuses;
import sh.cinch.statusworker.statuses.OldStatuses;
import sh.cinch.statusworker.statuses.OrphanWatch;
import sh.cinch.statusworker.statuses.StatusStates;
import sh.cinch.statusworker.statuses.WaitingStatuses;

/** Starts a status-worker: from the topic to the rows, from the rows to Bitbucket. */
public final class StatusWorkerService {

  static final String NAME = "status-worker";

  private static final Duration RECORD_WITHIN = Duration.ofSeconds(10);
  private static final Duration RESUMING = Duration.ofMillis(250);
  private static final Duration MOVING = Duration.ofMillis(500);
  private static final Duration NOW_AND_THEN = Duration.ofMinutes(1);

  private StatusWorkerService() {}

  /**
   * @param context stays the caller's to close
   * @throws IllegalStateException where a topic cannot be used as it is
   */
  public static RunningService start(StatusWorkerConfig config, ServiceContext context) {
    return start(config, context, List.of());
  }

  /**
   * @param others forges beside the configured one; closed with this
   */
  public static RunningService start(
      StatusWorkerConfig config, ServiceContext context, List<Forge> others) {
    return RunningService.start(
        NAME,
        context,
        config.management(),
        List.of(
            Topic.PUSH,
            Topic.BUILD_STATE,
            Topic.CONNECTION,
            Topic.OUTCOME,
            Topic.COMMIT_STATUS,
            Topic.DEAD_LETTER),
        service -> assemble(config, context, others, service));
  }

  private static void assemble(
      StatusWorkerConfig config,
      ServiceContext context,
      List<Forge> others,
      RunningService service) {
    Outbox outbox = new Outbox(NAME);
    DeadLetters deadLetters = new DeadLetters(NAME, outbox, context.clock(), context.metrics());
    Outcomes outcomes = new Outcomes(outbox, context.metrics(), context.clock());
    CommitStatuses statuses =
        new CommitStatuses(new StatusStates(outbox), outcomes, context.clock());

    Loop sending = service.drain(outbox, service.producer(RECORD_WITHIN));
    ConnectionDirectory connections =
        service.with("connections", ConnectionDirectory.start(context.kafka()));
    Forges forges =
        service.with(
            Forges.of(
                BitbucketCloud.of(
                    context,
                    config.bitbucket(),
                    config.tokenService(),
                    config.serviceSecret(),
                    Requests.of(service, context, config.hourlyLimit()),
                    config.postsAtOnce()),
                others));
    StatusPoster poster =
        service.with(
            "poster",
            new StatusPoster(
                context,
                statuses,
                connections,
                forges,
                deadLetters,
                config.postsAtOnce(),
                sending::wake));
    WaitingStatuses waiting = new WaitingStatuses(context.clock());
    service.loop(
        "waiting",
        new Resumption(
            context.database(),
            waiting,
            connections,
            forges,
            2 * config.postsAtOnce(),
            poster::wake),
        RESUMING);
    Runnable wakes =
        () -> {
          poster.wake();
          sending.wake();
        };
    service.loop(
        "former-statuses",
        new FormerStatuses(context.database(), statuses, connections, wakes),
        MOVING);
    Gauge.builder("cinch.status.in.flight", poster, StatusPoster::underWay)
        .description("Posts under way from here")
        .register(context.metrics());
    service.backlog("cinch.status.backlog", "Statuses that wait to be posted", statuses::backlog);
    service.longestWait(
        "cinch.status.longest.wait",
        "For how long the status has waited that waits longest",
        statuses::longestWait);
    service.backlog(
        "cinch.status.waiting", "Statuses that wait for the forge's limit", waiting::count);
    service.copy("pushes", Topic.PUSH, new PushIntake(), deadLetters);
    service.intake(
        "build-state-intake",
        Topic.BUILD_STATE,
        new BuildStateIntake(
            connections, statuses, outcomes, deadLetters, context.metrics(), poster, sending::wake),
        deadLetters);
    service.copy(
        "disconnections",
        Topic.CONNECTION,
        new DisconnectionIntake(context.database(), statuses, sending::wake),
        deadLetters);
    service.loop(
        "orphans",
        new OrphanWatch(
            context.database(),
            statuses,
            connections,
            service.progress(Topic.BUILD_STATE)::recordedUntil,
            config.orphanedAfter(),
            context.clock(),
            context.metrics(),
            wakes),
        NOW_AND_THEN);
    Retention.start(
        service,
        context,
        List.of(
            new Kind("statuses", config.statusesKept(), new OldStatuses(context.clock())),
            new Kind("pushes", config.pushesKept(), PushIntake.old())));
  }
}
