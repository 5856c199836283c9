package sh.cinch.ingress;

import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import sh.cinch.forge.Forge;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.Requests;
import sh.cinch.forge.cloud.BitbucketCloud;
import sh.cinch.ingress.artifacts.Artifacts;
import sh.cinch.ingress.connecting.credential.TokenService;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.token.LeaseUse;

/** What lies beyond the ingress' own tables, and the webhooks never touch. */
record Collaborators(
    TokenService tokenService,
    Leases leases,
    Leases gitLeases,
    Requests requests,
    Forge forge,
    Duration asksAtMostEvery,
    Artifacts artifacts) {

  /** For one person; as often as they like where Bitbucket counts nothing. */
  private static final Duration ASKS_AT_MOST_EVERY = Duration.ofSeconds(5);

  private static final int FORGE_CALLS_AT_ONCE = 8;

  static Collaborators of(
      IngressConfig.Stores stores, Site site, ServiceContext context, RunningService service) {
    var vertx = context.vertx();
    var access = stores.tokenService();
    var client =
        WebClient.create(
            vertx, new WebClientOptions().setFollowRedirects(false).setUserAgent("cinch"));
    var leases = new Leases(vertx, access.url(), access.secret(), context.clock());
    var requests = Requests.of(service, context, stores.hourlyLimit());
    return new Collaborators(
        new TokenService(client, access.url(), access.secret()),
        leases,
        new Leases(vertx, access.url(), access.secret(), LeaseUse.GIT, context.clock()),
        requests,
        service.with(
            new BitbucketCloud(
                vertx, site, leases, requests, context.clock(), FORGE_CALLS_AT_ONCE)),
        stores.hourlyLimit().isNone() ? Duration.ZERO : ASKS_AT_MOST_EVERY,
        Artifacts.open(context, stores.artifacts()));
  }
}
