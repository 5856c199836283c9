package sh.cinch.ingress;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import sh.cinch.ingress.api.ApiRoutes;
import sh.cinch.ingress.api.ReleaseParts;
import sh.cinch.ingress.artifact.ArtifactRoutes;
import sh.cinch.ingress.artifact.ArtifactSweep;
import sh.cinch.ingress.artifact.Artifacts;
import sh.cinch.ingress.artifact.FolderStore;
import sh.cinch.ingress.artifact.StrayArtifacts;
import sh.cinch.ingress.connect.ConnectParts;
import sh.cinch.ingress.connect.Connecting;
import sh.cinch.ingress.connect.CredentialSweep;
import sh.cinch.ingress.connect.Disconnecting;
import sh.cinch.ingress.connect.ExpiredSessions;
import sh.cinch.ingress.connect.HookUrls;
import sh.cinch.ingress.connect.TryingAgain;
import sh.cinch.ingress.connect.UnusedCredentials;
import sh.cinch.ingress.connection.Connections;
import sh.cinch.ingress.credential.TokenService;
import sh.cinch.ingress.delivery.DeliveryLog;
import sh.cinch.ingress.forge.Forge;
import sh.cinch.ingress.hook.HookDirectory;
import sh.cinch.ingress.hook.Hooks;
import sh.cinch.ingress.pages.PageRoutes;
import sh.cinch.ingress.pages.SecurityHeaders;
import sh.cinch.ingress.projection.LiveFeed;
import sh.cinch.ingress.projection.Projection;
import sh.cinch.ingress.projection.Projections;
import sh.cinch.ingress.projection.ReleaseRecorder;
import sh.cinch.ingress.publish.PushPublisher;
import sh.cinch.ingress.release.ReleaseChecks;
import sh.cinch.ingress.session.Sessions;
import sh.cinch.ingress.session.SignIns;
import sh.cinch.ingress.session.SignedIn;
import sh.cinch.ingress.sight.Sights;
import sh.cinch.ingress.webhook.WebhookRoutes;
import sh.cinch.service.Parts;
import sh.cinch.service.Running;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Health;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.outbox.Outbox;

/** Who is given whom: every part is made here, once. */
record Wiring(
    SecurityHeaders headers,
    HealthRoutes health,
    WebhookRoutes webhooks,
    ArtifactRoutes artifacts,
    ApiRoutes api,
    PageRoutes pages) {

  private static final Duration SWEEP = Duration.ofMinutes(10);
  private static final Duration CREDENTIAL_SWEEP = Duration.ofMinutes(1);
  private static final Duration ARTIFACT_SWEEP = Duration.ofMinutes(1);
  private static final Duration STRAY_SWEEP = Duration.ofHours(1);

  /** Starts what runs by itself; the first started is the last to stop. */
  static Wiring start(IngressConfig config, Parts parts, Running running, Health health) {
    var outbox = new Outbox(IngressService.NAME);
    var directory =
        running.with(HookDirectory.start(parts.database(), config.vault(), parts.clock()));
    var feed = running.with(LiveFeed.start(parts.kafka(), parts.database()));
    var store = FolderStore.open(config.artifacts().folder());
    var artifacts = new Artifacts(parts.database(), store, config.artifacts(), parts.clock());
    var releaseRecorder = new ReleaseRecorder(artifacts);
    var projection = running.with(Projection.start(parts, outbox, releaseRecorder));
    var connections =
        new Connections(parts.database(), outbox, config.bitbucket().url(), parts.clock());
    var deliveries =
        running.with(
            DeliveryLog.start(parts.database(), parts.metrics(), connections::firstDelivery));
    var publisher = running.with(PushPublisher.start(parts, outbox, config.bitbucket().url()));
    health
        .with("hooks", directory)
        .with("live feed", feed)
        .with("projection", projection)
        .with("delivery log", deliveries)
        .with("publisher", publisher);

    var web =
        WebClient.create(
            parts.vertx(), new WebClientOptions().setFollowRedirects(false).setUserAgent("cinch"));
    var tokenService =
        new TokenService(web, config.tokenService().url(), config.tokenService().secret());
    var leases =
        new Leases(
            parts.vertx(),
            config.tokenService().url(),
            config.tokenService().secret(),
            parts.clock());
    var forge = new Forge(web, config.bitbucket().apiUrl(), leases);
    var sights = new Sights(forge, parts.clock());

    var sessions = new Sessions(parts.database(), parts.clock());
    var signedIn = new SignedIn(sessions, config.baseUrl());
    var hooks = new Hooks(parts.database(), config.vault(), parts.clock());
    var urls = new HookUrls(config.baseUrl());
    var unused = new UnusedCredentials(connections, sessions, tokenService, leases);
    var connect =
        new ConnectParts(
            connections,
            hooks,
            urls,
            tokenService,
            new Connecting(forge, connections, hooks, urls, unused, publisher),
            new Disconnecting(forge, connections, hooks, urls, unused, publisher),
            new TryingAgain(tokenService),
            unused);
    var expired =
        new ExpiredSessions(sessions, new SignIns(parts.database(), parts.clock()), unused);
    var sweep =
        new CredentialSweep(connections, new Projections(parts.database()), unused, parts.clock());
    health
        .with("session sweep", running.with(Loop.start("session-sweep", expired, SWEEP)))
        .with(
            "credential sweep",
            running.with(Loop.start("credential-sweep", sweep, CREDENTIAL_SWEEP)));

    var artifactSweep =
        new ArtifactSweep(
            parts.database(), store, config.artifacts(), parts.clock(), parts.metrics());
    var strays = new StrayArtifacts(parts.database(), store, config.artifacts(), parts.clock());
    health
        .with(
            "artifact sweep",
            running.with(Loop.start("artifact-sweep", artifactSweep, ARTIFACT_SWEEP)))
        .with("stray artifacts", running.with(Loop.start("stray-artifacts", strays, STRAY_SWEEP)));

    return new Wiring(
        new SecurityHeaders(config.baseUrl(), config.bitbucket().url()),
        new HealthRoutes(health),
        new WebhookRoutes(parts, directory, hooks, deliveries, publisher),
        new ArtifactRoutes(artifacts, config.artifacts().releaseWorker()),
        new ApiRoutes(
            parts,
            config.baseUrl(),
            signedIn,
            config.apiToken(),
            sights,
            connect,
            publisher,
            deliveries,
            new ReleaseParts(
                new ReleaseChecks(forge, artifacts), releaseRecorder, config.bitbucket().url()),
            artifacts),
        new PageRoutes(
            parts,
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
