package sh.cinch.tokenservice;

import io.vertx.ext.web.Router;
import java.time.Duration;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.budget.RequestBudget;
import sh.cinch.service.database.Notifications;
import sh.cinch.service.due.Loop;
import sh.cinch.service.due.Step;
import sh.cinch.service.health.Health;
import sh.cinch.service.keyset.KeysetCare;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.outbox.OutboxDrain;
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

/**
 * Who is given whom: every part is made here, once.
 *
 * @param refreshes attends to what is due
 */
record Wiring(Router router, Loop refreshes) {

  private static final Duration KAFKA_PATIENCE = Duration.ofSeconds(10);
  private static final Duration OFTEN = Duration.ofSeconds(1);
  private static final Duration NOW_AND_THEN = Duration.ofSeconds(15);
  private static final Duration HOURLY = Duration.ofHours(1);

  /** Starts what runs by itself; the first started is the last to stop. */
  static Wiring start(
      TokenServiceConfig config,
      ServiceContext context,
      KeysetCare keyset,
      Running running,
      Health health) {
    var loops = new Loops(running, health);
    var outbox = new Outbox(TokenService.NAME);
    var producer = running.with(context.kafka().producer(KAFKA_PATIENCE));
    var drains =
        loops.start(
            "outbox-drain",
            new OutboxDrain(context.database(), outbox, producer::send, context.metrics()),
            OFTEN);
    var bitbucket =
        new BitbucketCloud(
            context.vertx(), config.site(), config.api(), config.clientId(), config.clientSecret());
    var notifications = new ChangeNotifications();
    var credentials =
        new Credentials(
            context.database(),
            keyset.vault(),
            context.clock(),
            outbox,
            notifications,
            drains::wake);
    var cache = new CredentialCache(credentials, context.clock());
    notifications.read(cache);
    var rollbacks =
        loops.start(
            "rollback-watch",
            keyset.onceItFits(new RollbackWatch(cache, credentials)),
            NOW_AND_THEN);
    notifications.whenConnectedAgain(rollbacks::wake);
    health.with(
        "notifications",
        running.with(
            Notifications.start(context.database(), ChangeNotifications.CHANNEL, notifications)));

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
        running.with(
            new Refresher(
                credentials,
                cache,
                notifications,
                bitbucket,
                client,
                budget,
                context.clock(),
                context.metrics()));
    loops.start("unsaved", refresher.unsaved(), OFTEN);
    var refreshes =
        loops.start(
            "ahead-of-need",
            keyset.onceItFits(new AheadOfNeed(credentials, refresher, budget, context.clock())),
            OFTEN);

    var audit = new LeaseAudit(context.database(), credentials, context.clock());
    running.with((AutoCloseable) audit::run);
    loops.start("lease-audit", audit, OFTEN);
    loops.start("old-audit", audit::forget, HOURLY);
    var leases =
        running.with(new LeaseIssuer(cache, refresher, audit, context.clock(), context.metrics()));
    return new Wiring(
        TokenRoutes.router(
            context.vertx(),
            config.callers(),
            keyset::fits,
            new CodeExchange(bitbucket, credentials, client, context.clock(), context.metrics()),
            new PastedTokens(bitbucket, credentials, context.clock()),
            credentials,
            leases,
            new Rejections(
                credentials, bitbucket, context.clock(), refreshes::wake, context.metrics()),
            audit,
            context.clock(),
            refreshes::wake),
        refreshes);
  }

  /** Starts loops whose death is seen. */
  private record Loops(Running running, Health health) {

    Loop start(String name, Step step, Duration every) {
      Loop loop = running.with(Loop.start(name, step, every));
      health.with(name, loop);
      return loop;
    }
  }
}
