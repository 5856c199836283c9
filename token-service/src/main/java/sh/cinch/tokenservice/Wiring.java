package sh.cinch.tokenservice;

import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import sh.cinch.forge.call.Requests;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.budget.RequestBudget;
import sh.cinch.service.database.Notifications;
import sh.cinch.service.keyset.KeysetCare;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.retention.Retention;
import sh.cinch.service.retention.Retention.Kind;
import sh.cinch.tokenservice.acquire.CodeExchange;
import sh.cinch.tokenservice.acquire.PastedTokens;
import sh.cinch.tokenservice.cache.CredentialCache;
import sh.cinch.tokenservice.cache.RollbackWatch;
import sh.cinch.tokenservice.client.OAuthClientHealth;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.forge.BitbucketCloud;
import sh.cinch.tokenservice.http.TokenRoutes;
import sh.cinch.tokenservice.lease.LeaseAudit;
import sh.cinch.tokenservice.lease.LeaseIssuer;
import sh.cinch.tokenservice.lease.Rejections;
import sh.cinch.tokenservice.notification.ChangeNotifications;
import sh.cinch.tokenservice.refresh.AheadOfNeed;
import sh.cinch.tokenservice.refresh.Refresher;

/** Who is given whom: every part is made here, once. */
final class Wiring {

  private static final Duration RECORD_WITHIN = Duration.ofSeconds(10);
  private static final Duration OFTEN = Duration.ofSeconds(1);
  private static final Duration NOW_AND_THEN = Duration.ofSeconds(15);

  private Wiring() {}

  /** Starts what runs by itself; the first started is the last to stop. */
  static Router start(
      TokenServiceConfig config,
      ServiceContext context,
      KeysetCare keyset,
      RunningService service) {
    var outbox = new Outbox(TokenService.NAME);
    var drain = service.drain(outbox, service.producer(RECORD_WITHIN));
    var requests = Requests.of(service, context, config.hourlyLimit());
    var bitbucket =
        new BitbucketCloud(
            context.vertx(), config.site(), requests, config.clientId(), config.clientSecret());
    var notifications = new ChangeNotifications();
    var credentials =
        new Credentials(
            context.database(),
            keyset.vault(),
            context.clock(),
            outbox,
            notifications,
            drain::wake);
    var cache = new CredentialCache(credentials, context.clock());
    notifications.read(cache);
    var rollbacks =
        service.loop(
            "rollback-watch",
            keyset.onceItFits(new RollbackWatch(cache, credentials)),
            NOW_AND_THEN);
    notifications.whenConnectedAgain(rollbacks::wake);
    service.with(
        "notifications",
        Notifications.start(context.database(), ChangeNotifications.CHANNEL, notifications));

    var client =
        new OAuthClientHealth(context.database(), bitbucket, context.clock(), context.metrics());
    var budget =
        new RequestBudget(
            context.database(),
            context.clock(),
            client.subject(),
            "token",
            config.refreshesPerHour());
    var refresher =
        service.with(
            new Refresher(
                credentials,
                cache,
                notifications,
                bitbucket,
                client,
                budget,
                context.clock(),
                context.metrics()));
    service.loop("unsaved", refresher.unsaved(), OFTEN);
    var refreshes =
        service.loop(
            "ahead-of-need",
            keyset.onceItFits(new AheadOfNeed(credentials, refresher, budget, context.clock())),
            OFTEN);

    var audit = new LeaseAudit(context.database(), credentials, context.clock());
    service.with((AutoCloseable) audit::run);
    service.loop("lease-audit", audit, OFTEN);
    Retention.start(
        service, context, List.of(new Kind("leases", config.leasesKept(), LeaseAudit.old())));
    var leases =
        service.with(new LeaseIssuer(cache, refresher, audit, context.clock(), context.metrics()));
    return TokenRoutes.router(
        context.vertx(),
        context.http(),
        config.callers(),
        keyset::fits,
        new CodeExchange(bitbucket, credentials, client, context.clock(), context.metrics()),
        new PastedTokens(bitbucket, credentials, context.clock()),
        credentials,
        leases,
        new Rejections(credentials, bitbucket, context.clock(), refreshes::wake, context.metrics()),
        audit,
        context.clock(),
        refreshes::wake);
  }
}
