package sh.cinch.releaseworker;

import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.util.List;
import sh.cinch.forge.Forge;
import sh.cinch.forge.Forges;
import sh.cinch.forge.call.Requests;
import sh.cinch.forge.cloud.BitbucketCloud;
import sh.cinch.releaseworker.intake.ReleaseIntake;
import sh.cinch.releaseworker.outcome.Outcomes;
import sh.cinch.releaseworker.prepare.ReleasePreparer;
import sh.cinch.releaseworker.releases.Downloads;
import sh.cinch.releaseworker.releases.OldReleases;
import sh.cinch.releaseworker.releases.ReleaseCompletion;
import sh.cinch.releaseworker.releases.ReleaseStates;
import sh.cinch.releaseworker.releases.Releases;
import sh.cinch.releaseworker.releases.UnpublishedReleases;
import sh.cinch.releaseworker.send.FileContents;
import sh.cinch.releaseworker.send.FileSender;
import sh.cinch.releaseworker.send.TransferSettlement;
import sh.cinch.releaseworker.source.Sources;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.due.Loop;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.retention.Retention;
import sh.cinch.service.retention.Retention.Kind;

/** Starts a release-worker: from the topic to the rows, from the sources to Bitbucket. */
public final class ReleaseWorkerService {

  static final String NAME = "release-worker";

  private static final Duration RECORD_WITHIN = Duration.ofSeconds(10);

  /** What an instance of the release before changes is published so soon. */
  private static final Duration OTHERS_CHANGES_WITHIN = Duration.ofSeconds(3);

  private ReleaseWorkerService() {}

  /**
   * @param context stays the caller's to close
   * @throws IllegalStateException where a topic cannot be used as it is
   */
  public static RunningService start(ReleaseWorkerConfig config, ServiceContext context) {
    return start(config, context, List.of());
  }

  /**
   * @param others forges beside the configured one; closed with this
   */
  public static RunningService start(
      ReleaseWorkerConfig config, ServiceContext context, List<Forge> others) {
    return RunningService.start(
        NAME,
        context,
        config.management(),
        List.of(
            Topic.RELEASE_REQUEST,
            Topic.CONNECTION,
            Topic.OUTCOME,
            Topic.RELEASE,
            Topic.DEAD_LETTER),
        service -> assemble(config, context, others, service));
  }

  private static void assemble(
      ReleaseWorkerConfig config,
      ServiceContext context,
      List<Forge> others,
      RunningService service) {
    Outbox outbox = new Outbox(NAME);
    DeadLetters deadLetters = new DeadLetters(NAME, outbox, context.clock(), context.metrics());
    Outcomes outcomes = new Outcomes(outbox, context.metrics(), context.clock());
    Releases releases = new Releases(context.clock());
    Downloads downloads = new Downloads(context.clock());

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
                    config.uploads()),
                others));
    ReleaseStates states = new ReleaseStates(outbox, forges, context.clock());
    ReleaseCompletion completion =
        new ReleaseCompletion(releases, states, outcomes, deadLetters, context.clock());
    Sources sources =
        service.with(
            new Sources(
                context.vertx(), config.sources(), config.ingress(), config.serviceSecret()));

    Wakes wakes = new Wakes(sending);
    FileSender sender =
        service.with(
            "sender",
            new FileSender(
                context.database(),
                downloads,
                connections,
                forges,
                new FileContents(sources, context.metrics()),
                new TransferSettlement(
                    context.database(), downloads, completion, outcomes, context.clock()),
                config.longest(),
                config.least(),
                config.uploads(),
                wakes::settled));
    ReleasePreparer preparer =
        service.with(
            "preparer",
            new ReleasePreparer(
                context,
                releases,
                states,
                downloads,
                completion,
                outcomes,
                connections,
                forges,
                wakes::prepared));
    wakes.of(preparer, sender);
    Gauge.builder("cinch.release.transfers", sender, FileSender::underWay)
        .description("Files on their way from here")
        .register(context.metrics());
    service.backlog(
        "cinch.release.backlog",
        "Files that wait to be sent, or are on their way",
        downloads::backlog);
    service.intake(
        "release-intake",
        Topic.RELEASE_REQUEST,
        new ReleaseIntake(
            connections,
            sources::objection,
            config.largest(),
            releases,
            states,
            outcomes,
            deadLetters,
            context.metrics(),
            wakes::recorded),
        deadLetters);
    service.loop(
        "states",
        new UnpublishedReleases(context.database(), states, connections, sending::wake),
        OTHERS_CHANGES_WITHIN);
    Retention.start(
        service, context, List.of(new Kind("releases", config.kept(), new OldReleases())));
  }
}
