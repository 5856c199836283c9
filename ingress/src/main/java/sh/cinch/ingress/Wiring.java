package sh.cinch.ingress;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import sh.cinch.ingress.artifacts.ArtifactRoutes;
import sh.cinch.ingress.artifacts.ArtifactSweep;
import sh.cinch.ingress.artifacts.Artifacts;
import sh.cinch.ingress.artifacts.FolderStore;
import sh.cinch.ingress.artifacts.StrayArtifacts;
import sh.cinch.ingress.artifacts.release.ReleaseChecks;
import sh.cinch.ingress.connecting.ConnectParts;
import sh.cinch.ingress.connecting.CredentialRetry;
import sh.cinch.ingress.connecting.CredentialSweep;
import sh.cinch.ingress.connecting.ExpiredSessions;
import sh.cinch.ingress.connecting.HookUrls;
import sh.cinch.ingress.connecting.RepositoryConnector;
import sh.cinch.ingress.connecting.RepositoryDisconnector;
import sh.cinch.ingress.connecting.UnusedCredentials;
import sh.cinch.ingress.connecting.access.RepositoryAccessCache;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.credential.TokenService;
import sh.cinch.ingress.connecting.session.Sessions;
import sh.cinch.ingress.connecting.session.SignIns;
import sh.cinch.ingress.connecting.session.SignedIn;
import sh.cinch.ingress.forge.Forge;
import sh.cinch.ingress.readmodel.LiveFeed;
import sh.cinch.ingress.readmodel.Projection;
import sh.cinch.ingress.readmodel.Projections;
import sh.cinch.ingress.readmodel.ReleaseRecorder;
import sh.cinch.ingress.web.api.ApiRoutes;
import sh.cinch.ingress.web.api.ReleaseParts;
import sh.cinch.ingress.web.pages.PageRoutes;
import sh.cinch.ingress.web.pages.SecurityHeaders;
import sh.cinch.ingress.webhooks.WebhookRoutes;
import sh.cinch.ingress.webhooks.delivery.DeliveryLog;
import sh.cinch.ingress.webhooks.hook.HookDirectory;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.publish.PushPublisher;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Health;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.outbox.OutboxDrain;

/** Who is given whom: every part is made here, once. */
record Wiring(
    SecurityHeaders headers,
    HealthRoutes health,
    WebhookRoutes webhooks,
    ArtifactRoutes artifacts,
    ApiRoutes api,
    PageRoutes pages) {

  /** How long Kafka may take for one record; a push that waits longer goes by the outbox. */
  private static final Duration RECORD_WITHIN = Duration.ofSeconds(3);

  private static final Duration DRAIN = Duration.ofSeconds(1);
  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(5);
  private static final Duration SWEEP = Duration.ofMinutes(10);
  private static final Duration CREDENTIAL_SWEEP = Duration.ofMinutes(1);
  private static final Duration ARTIFACT_SWEEP = Duration.ofMinutes(1);
  private static final Duration STRAY_SWEEP = Duration.ofHours(1);

  /** Starts what runs by itself; the first started is the last to stop. */
  static Wiring start(
      IngressConfig config, ServiceContext context, Running running, Health health) {
    var outbox = new Outbox(IngressService.NAME);
    var directory =
        running.with(HookDirectory.start(context.database(), config.vault(), context.clock()));
    var feed = running.with(LiveFeed.start(context.kafka(), context.database()));
    var store = FolderStore.open(config.artifacts().folder());
    var artifacts = new Artifacts(context.database(), store, config.artifacts(), context.clock());
    var releaseRecorder = new ReleaseRecorder(artifacts);
    var projection = running.with(Projection.start(context, outbox, releaseRecorder));
    var connections =
        new Connections(context.database(), outbox, config.bitbucket().url(), context.clock());
    var deliveries =
        running.with(
            DeliveryLog.start(context.database(), context.metrics(), connections::firstDelivery));
    var producer = context.kafka().producer(RECORD_WITHIN);
    running.with(() -> producer.close(TIME_TO_FINISH));
    var drain =
        running.with(
            Loop.start(
                "outbox",
                new OutboxDrain(context.database(), outbox, producer::send, context.metrics()),
                DRAIN));
    var publisher =
        running.with(
            PushPublisher.start(context, producer, outbox, config.bitbucket().url()));
    health
        .with("hooks", directory)
        .with("live feed", feed)
        .with("projection", projection)
        .with("delivery log", deliveries)
        .with("outbox", drain)
        .with("publisher", publisher);

    var web =
        WebClient.create(
            context.vertx(),
            new WebClientOptions().setFollowRedirects(false).setUserAgent("cinch"));
    var tokenService =
        new TokenService(web, config.tokenService().url(), config.tokenService().secret());
    var leases =
        new Leases(
            context.vertx(),
            config.tokenService().url(),
            config.tokenService().secret(),
            context.clock());
    var forge = new Forge(web, config.bitbucket().apiUrl(), leases);
    var sights = new RepositoryAccessCache(forge, context.clock());

    var sessions = new Sessions(context.database(), context.clock());
    var signedIn = new SignedIn(sessions, config.baseUrl());
    var hooks = new Hooks(context.database(), config.vault(), context.clock());
    var urls = new HookUrls(config.baseUrl());
    var unused = new UnusedCredentials(connections, sessions, tokenService, leases);
    var connect =
        new ConnectParts(
            connections,
            hooks,
            urls,
            tokenService,
            new RepositoryConnector(forge, connections, hooks, urls, unused, drain),
            new RepositoryDisconnector(forge, connections, hooks, urls, unused, drain),
            new CredentialRetry(tokenService),
            unused);
    var expired =
        new ExpiredSessions(sessions, new SignIns(context.database(), context.clock()), unused);
    var sweep =
        new CredentialSweep(
            connections, new Projections(context.database()), unused, context.clock());
    health
        .with("session sweep", running.with(Loop.start("session-sweep", expired, SWEEP)))
        .with(
            "credential sweep",
            running.with(Loop.start("credential-sweep", sweep, CREDENTIAL_SWEEP)));

    var artifactSweep =
        new ArtifactSweep(
            context.database(), store, config.artifacts(), context.clock(), context.metrics());
    var strays = new StrayArtifacts(context.database(), store, config.artifacts(), context.clock());
    health
        .with(
            "artifact sweep",
            running.with(Loop.start("artifact-sweep", artifactSweep, ARTIFACT_SWEEP)))
        .with("stray artifacts", running.with(Loop.start("stray-artifacts", strays, STRAY_SWEEP)));

    return new Wiring(
        new SecurityHeaders(config.baseUrl(), config.bitbucket().url()),
        new HealthRoutes(health),
        new WebhookRoutes(context, directory, hooks, deliveries, publisher),
        new ArtifactRoutes(artifacts, config.artifacts().releaseWorker()),
        new ApiRoutes(
            context,
            config.baseUrl(),
            signedIn,
            config.apiToken(),
            sights,
            connect,
            producer,
            deliveries,
            new ReleaseParts(
                new ReleaseChecks(forge, artifacts), releaseRecorder, config.bitbucket().url()),
            artifacts),
        new PageRoutes(
            context,
            config.baseUrl(),
            new PageRoutes.Consent(config.bitbucket().url(), config.bitbucket().clientId()),
            sessions,
            signedIn,
            sights,
            connect,
            feed));
  }

  /**
   * Webhooks before all else: they read their bodies themselves. Pages last: theirs is the rest.
   */
  void mount(Router router) {
    webhooks.mount(router);
    health.mount(router);
    router.route().handler(headers);
    artifacts.mount(router);
    api.mount(router);
    pages.mount(router);
  }
}
