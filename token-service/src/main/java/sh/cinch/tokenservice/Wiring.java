package sh.cinch.tokenservice;

import io.vertx.ext.web.Router;
import java.time.Duration;
import sh.cinch.service.Parts;
import sh.cinch.service.Running;
import sh.cinch.service.budget.RequestBudget;
import sh.cinch.service.database.Notifications;
import sh.cinch.service.due.Loop;
import sh.cinch.service.due.Step;
import sh.cinch.service.health.Health;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.outbox.OutboxDrain;
import sh.cinch.tokenservice.acquire.CodeExchange;
import sh.cinch.tokenservice.acquire.Pasting;
import sh.cinch.tokenservice.client.ClientStanding;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.forge.BitbucketCloud;
import sh.cinch.tokenservice.http.TokenRoutes;
import sh.cinch.tokenservice.keyset.KeysetCare;
import sh.cinch.tokenservice.known.KnownCredentials;
import sh.cinch.tokenservice.known.RollbackWatch;
import sh.cinch.tokenservice.lease.LeaseAudit;
import sh.cinch.tokenservice.lease.Lending;
import sh.cinch.tokenservice.lease.Rejections;
import sh.cinch.tokenservice.news.News;
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
      TokenServiceConfig config, Parts parts, KeysetCare keyset, Running running, Health health) {
    var loops = new Loops(running, health);
    var outbox = new Outbox(TokenService.NAME);
    var producer = running.with(parts.kafka().producer(KAFKA_PATIENCE));
    var drains =
        loops.start(
            "outbox-drain",
            new OutboxDrain(parts.database(), outbox, producer::send, parts.metrics()),
            OFTEN);
    var bitbucket =
        new BitbucketCloud(
            parts.vertx(), config.site(), config.api(), config.clientId(), config.clientSecret());
    var news = new News();
    var credentials =
        new Credentials(
            parts.database(), keyset.vault(), parts.clock(), outbox, news, drains::wake);
    var known = new KnownCredentials(credentials, parts.clock());
    news.read(known);
    var rollbacks =
        loops.start(
            "rollback-watch",
            keyset.onceItFits(new RollbackWatch(known, credentials)),
            NOW_AND_THEN);
    news.whenHeardAgain(rollbacks::wake);
    health.with("news", running.with(Notifications.start(parts.database(), News.CHANNEL, news)));

    var client = new ClientStanding(parts.database(), bitbucket, parts.clock(), parts.metrics());
    var budget =
        new RequestBudget(
            parts.database(), parts.clock(), client.subject(), "token", config.refreshesPerHour());
    var refresher =
        running.with(
            new Refresher(
                credentials,
                known,
                news,
                bitbucket,
                client,
                budget,
                parts.clock(),
                parts.metrics()));
    loops.start("unsaved", refresher.unsaved(), OFTEN);
    var refreshes =
        loops.start(
            "ahead-of-need",
            keyset.onceItFits(new AheadOfNeed(credentials, refresher, budget, parts.clock())),
            OFTEN);

    var audit = new LeaseAudit(parts.database(), credentials, parts.clock());
    running.with((AutoCloseable) audit::run);
    loops.start("lease-audit", audit, OFTEN);
    loops.start("old-audit", audit::forget, HOURLY);
    var lending =
        running.with(new Lending(known, refresher, audit, parts.clock(), parts.metrics()));
    return new Wiring(
        TokenRoutes.router(
            parts.vertx(),
            config.callers(),
            keyset.gate(),
            new TokenRoutes.Hands(
                new CodeExchange(bitbucket, credentials, client, parts.clock(), parts.metrics()),
                new Pasting(bitbucket, credentials, parts.clock()),
                credentials,
                lending,
                new Rejections(
                    credentials, bitbucket, parts.clock(), refreshes::wake, parts.metrics()),
                audit),
            parts.clock(),
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
