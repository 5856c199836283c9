package sh.cinch.tokenservice;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Health;
import sh.cinch.service.health.ManagementServer;
import sh.cinch.service.kafka.Topics;
import sh.cinch.service.keyset.KeysetCare;
import sh.cinch.tokenservice.credential.Ciphertext;

/** One instance of the token-service; there may be several beside each other. */
public final class TokenService implements AutoCloseable {

  public static final String NAME = "token-service";

  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(15);

  private final Running running;
  private final HttpServer server;
  private final ManagementServer management;
  private final Loop refreshes;

  private TokenService(
      Running running, HttpServer server, ManagementServer management, Loop refreshes) {
    this.running = running;
    this.server = server;
    this.management = management;
    this.refreshes = refreshes;
  }

  /** Returns once it listens. What it starts it closes; the context is the caller's. */
  public static TokenService start(TokenServiceConfig config, ServiceContext context) {
    Running running = new Running();
    try {
      // Before anything else: with the wrong keyset nothing may change, anywhere.
      KeysetCare keyset = KeysetCare.of(context, Ciphertext.TABLE, config.vault());
      Topics.ensure(context.kafka(), List.of(Topic.CREDENTIAL));
      Health health = new Health().with("database", context.database());
      Wiring wiring = Wiring.start(config, context, keyset, running, health);
      keyset.start(running, health);
      ManagementServer management =
          running.with(
              ManagementServer.start(
                  context.vertx(),
                  config.managementPort(),
                  NAME,
                  health,
                  context.metrics(),
                  Map.of("/keyset", keyset.report())));
      HttpServer server =
          context
              .vertx()
              .createHttpServer(new HttpServerOptions().setPort(config.port()))
              .requestHandler(wiring.router())
              .listen()
              .await();
      running.with(
          (AutoCloseable)
              () -> server.shutdown(TIME_TO_FINISH.toMillis(), TimeUnit.MILLISECONDS).await());
      return new TokenService(running, server, management, wiring.refreshes());
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  public int port() {
    return server.actualPort();
  }

  public int managementPort() {
    return management.port();
  }

  /** Attends at once to what is due, as it would within a second. */
  void wake() {
    refreshes.wake();
  }

  /** Takes no more requests, finishes the refreshes that are under way, writes the audit. */
  @Override
  public void close() {
    running.close();
  }
}
