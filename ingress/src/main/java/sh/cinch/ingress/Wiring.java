package sh.cinch.ingress;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.RequestCounts;
import sh.cinch.forge.cloud.BitbucketCloud;
import sh.cinch.ingress.artifacts.Artifacts;
import sh.cinch.ingress.artifacts.release.ReleaseChecks;
import sh.cinch.ingress.connecting.Connecting;
import sh.cinch.ingress.connecting.credential.TokenService;
import sh.cinch.ingress.readmodel.ReadModel;
import sh.cinch.ingress.web.Web;
import sh.cinch.ingress.webhooks.Webhooks;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.retention.Retention;
import sh.cinch.service.secret.Secret;

/** The groups of the ingress, and who is given whom. */
record Wiring(HealthRoutes health, Webhooks webhooks, Web web) {

  /** How long Kafka may take for one record; a push that waits longer goes by the outbox. */
  private static final Duration RECORD_WITHIN = Duration.ofSeconds(3);

  private static final int FORGE_CALLS_AT_ONCE = 8;

  /** Starts what runs by itself. */
  static Wiring start(IngressConfig config, ServiceContext context, RunningService service) {
    Site site = config.bitbucket().site();
    var outbox = new Outbox(IngressService.NAME);
    var producer = service.producer(RECORD_WITHIN);
    var drain = service.drain(outbox, producer);

    URI tokenServiceUrl = config.tokenService().url();
    Secret secret = config.tokenService().secret();
    var client =
        WebClient.create(
            context.vertx(),
            new WebClientOptions().setFollowRedirects(false).setUserAgent("cinch"));
    var tokenService = new TokenService(client, tokenServiceUrl, secret);
    var leases = new Leases(context.vertx(), tokenServiceUrl, secret, context.clock());
    var requests = RequestCounts.of(service, context);
    var forge =
        service.with(
            new BitbucketCloud(
                context.vertx(), site, leases, requests, context.clock(), FORGE_CALLS_AT_ONCE));

    var connecting =
        Connecting.start(
            context,
            config.vault(),
            config.baseUrl(),
            site,
            tokenService,
            leases,
            forge,
            outbox,
            drain,
            service);
    var webhooks =
        Webhooks.start(
            context,
            config.vault(),
            site,
            Webhooks.BODY_WITHIN,
            producer,
            outbox,
            connecting.connections()::firstDelivery,
            connecting.nameHints(),
            service);
    var artifacts = Artifacts.start(context, config.artifacts(), service);
    var readModel = ReadModel.start(context, outbox, artifacts, service);
    Retention.start(
        service,
        context,
        List.of(
            Webhooks.oldDeliveries(config.days().deliveries()),
            ReadModel.oldPushes(config.days().pushes()),
            ReadModel.oldStatuses(config.days().statuses()),
            ReadModel.oldReports(config.days().statuses()),
            ReadModel.oldReleases(config.days().releases())));
    var web =
        Web.of(
            context,
            new Web.Settings(
                config.baseUrl(), site, config.bitbucket().clientId(), config.apiToken()),
            connecting,
            webhooks.deliveries(),
            artifacts,
            new ReleaseChecks(forge, artifacts),
            readModel,
            producer);
    return new Wiring(new HealthRoutes(service.health()), webhooks, web);
  }

  /** Webhooks before all else: they read their bodies themselves. The web last: it has the rest. */
  void mount(Router router) {
    webhooks.mount(router);
    health.mount(router);
    web.mount(router);
  }
}
