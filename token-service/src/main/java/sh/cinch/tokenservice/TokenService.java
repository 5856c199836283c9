package sh.cinch.tokenservice;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Parts;
import sh.cinch.service.Running;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Health;
import sh.cinch.service.health.ManagementServer;
import sh.cinch.service.kafka.Topics;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.outbox.OutboxDrain;
import sh.cinch.tokenservice.acquire.CodeExchange;
import sh.cinch.tokenservice.acquire.Pasting;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.forge.BitbucketCloud;
import sh.cinch.tokenservice.http.TokenRoutes;
import sh.cinch.tokenservice.keyset.KeysetCare;
import sh.cinch.tokenservice.lease.LeaseAudit;
import sh.cinch.tokenservice.lease.Lending;
import sh.cinch.tokenservice.lease.Rejections;
import sh.cinch.tokenservice.refresh.AheadOfNeed;
import sh.cinch.tokenservice.refresh.Refresher;

/** One instance of the token-service; there may be several beside each other. */
public final class TokenService implements AutoCloseable {

  public static final String NAME = "token-service";

  private static final Duration KAFKA_PATIENCE = Duration.ofSeconds(10);
  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(15);
  private static final Duration BETWEEN_DRAINS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_AUDITS = Duration.ofSeconds(2);

  private final Running running;
  private final HttpServer server;
  private final ManagementServer management;

  private TokenService(Running running, HttpServer server, ManagementServer management) {
    this.running = running;
    this.server = server;
    this.management = management;
  }

  /** Returns once it listens. What it starts it closes; the parts are the caller's. */
  public static TokenService start(TokenServiceConfig config, Parts parts) {
    Running running = new Running();
    try {
      return start(config, parts, running);
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private static TokenService start(TokenServiceConfig config, Parts parts, Running running) {
    // Before anything else: with the wrong keyset nothing may change, anywhere.
    KeysetCare keyset = KeysetCare.of(parts, config.vault());

    Topics.ensure(parts.kafka(), List.of(Topic.CREDENTIAL));

    Outbox outbox = new Outbox(NAME);
    Producer<byte[], byte[]> producer = running.with(parts.kafka().producer(KAFKA_PATIENCE));
    OutboxDrain drain = new OutboxDrain(parts.database(), outbox, producer::send, parts.metrics());
    Loop drains = running.with(Loop.start("outbox-drain", drain, BETWEEN_DRAINS));

    BitbucketCloud bitbucket =
        new BitbucketCloud(
            parts.vertx(), config.site(), config.api(), config.clientId(), config.clientSecret());
    Credentials credentials =
        new Credentials(parts.database(), keyset.vault(), parts.clock(), outbox, drains::wake);

    Refresher refresher =
        running.with(new Refresher(credentials, bitbucket, parts.clock(), parts.metrics()));
    AheadOfNeed aheadOfNeed = new AheadOfNeed(credentials, refresher, parts.clock());
    Loop refreshes =
        running.with(Loop.start("ahead-of-need", keyset.onceItFits(aheadOfNeed), BETWEEN_LOOKS));

    LeaseAudit audit = new LeaseAudit(parts.database(), credentials, parts.clock());
    running.with((AutoCloseable) audit::run);
    Loop audits = running.with(Loop.start("lease-audit", audit, BETWEEN_AUDITS));

    Router router =
        TokenRoutes.router(
            parts.vertx(),
            config.callers(),
            keyset.gate(),
            new CodeExchange(bitbucket, credentials, parts.clock(), parts.metrics()),
            new Pasting(bitbucket, credentials, parts.clock()),
            credentials,
            new Lending(credentials, refresher, audit, parts.clock(), parts.metrics()),
            new Rejections(
                credentials, bitbucket, parts.clock(), refreshes::wake, parts.metrics()));

    Health health =
        new Health()
            .with("database", parts.database())
            .with("outbox-drain", drains)
            .with("ahead-of-need", refreshes)
            .with("lease-audit", audits);
    keyset.start(running, health);
    ManagementServer management =
        running.with(
            ManagementServer.start(
                parts.vertx(),
                config.managementPort(),
                NAME,
                health,
                parts.metrics(),
                Map.of("/keyset", keyset.report())));
    HttpServer server =
        parts
            .vertx()
            .createHttpServer(new HttpServerOptions().setPort(config.port()))
            .requestHandler(router)
            .listen()
            .await();
    running.with(
        (AutoCloseable)
            () -> server.shutdown(TIME_TO_FINISH.toMillis(), TimeUnit.MILLISECONDS).await());
    return new TokenService(running, server, management);
  }

  public int port() {
    return server.actualPort();
  }

  public int managementPort() {
    return management.port();
  }

  /** Takes no more requests, finishes the refreshes that are under way, writes the audit. */
  @Override
  public void close() {
    running.close();
  }
}
