package sh.cinch.forge.cloud;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import sh.cinch.forge.Ability;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeSession;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.LeasedCalls;
import sh.cinch.forge.call.Requests;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.secret.Secret;

/** Bitbucket Cloud, over its REST API. */
public final class BitbucketCloud implements Forge {

  /** Shorter than proxies keep an idle connection: a request on a closed one ends unknown. */
  private static final int KEEP_IDLE_SECONDS = 20;

  private final Site site;
  private final Leases leases;
  private final Requests budget;
  private final InstantSource clock;
  private final OddEntries odd;
  private final WebClient web;
  private final HttpClient uploading;

  /**
   * @param atOnce uploads that may be under way together; of other requests twice as many
   */
  public BitbucketCloud(
      Vertx vertx, Site site, Leases leases, Requests budget, InstantSource clock, int atOnce) {
    this.site = site;
    this.leases = leases;
    this.budget = budget;
    this.clock = clock;
    this.odd = new OddEntries(clock);
    this.web =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setFollowRedirects(false)
                .setUserAgent("cinch")
                .setKeepAliveTimeout(KEEP_IDLE_SECONDS),
            new PoolOptions().setHttp1MaxSize(2 * atOnce));
    this.uploading =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAliveTimeout(KEEP_IDLE_SECONDS),
            new PoolOptions().setHttp1MaxSize(atOnce));
  }

  /** With leases of a service's own. */
  public static BitbucketCloud of(
      ServiceContext context,
      Site site,
      URI tokenService,
      Secret serviceSecret,
      Requests budget,
      int atOnce) {
    return new BitbucketCloud(
        context.vertx(),
        site,
        new Leases(context.vertx(), tokenService, serviceSecret, context.clock()),
        budget,
        context.clock(),
        atOnce);
  }

  @Override
  public Site site() {
    return site;
  }

  @Override
  public Set<Ability> abilities(Collection<String> scopes) {
    return CloudScopes.abilities(scopes);
  }

  @Override
  public boolean isReady(UUID credential) {
    return leases.known(credential).isPresent();
  }

  @Override
  public ForgeResult<Forge> ready(UUID credential) {
    return new LeasedCalls(leases, credential, () -> true).lease().map(lease -> this);
  }

  @Override
  public ForgeResult<Forge> readyAnew(UUID credential) {
    leases.forget(credential);
    return ready(credential);
  }

  @Override
  public Allowance allowance(UUID credential, Purpose purpose) {
    return leases
        .known(credential)
        .map(lease -> budget.allowance(lease.identity(), credential, Pool.REPOSITORIES, purpose))
        .orElseGet(Allowance::any);
  }

  @Override
  public ForgeSession open(ForgeCaller caller, BooleanSupplier mayBegin) {
    return new CloudSession(
        site,
        web,
        uploading,
        budget,
        caller,
        new LeasedCalls(leases, caller.credential(), mayBegin),
        clock,
        odd);
  }

  @Override
  public void close() {
    web.close();
    uploading.close().await();
  }
}
