package sh.cinch.tokenservice;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Parts;
import sh.cinch.service.Running;
import sh.cinch.service.health.Health;
import sh.cinch.service.health.ManagementServer;
import sh.cinch.service.kafka.Topics;

/** One instance of the token-service; there may be several beside each other. */
public final class TokenService implements AutoCloseable {

  public static final String NAME = "token-service";

  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(15);

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
      Topics.ensure(parts.kafka(), List.of(Topic.CREDENTIAL));
      Health health = new Health().with("database", parts.database());
      Wiring wiring = Wiring.start(config, parts, running, health);
      ManagementServer management =
          running.with(
              ManagementServer.start(
                  parts.vertx(), config.managementPort(), NAME, health, parts.metrics()));
      HttpServer server =
          parts
              .vertx()
              .createHttpServer(new HttpServerOptions().setPort(config.port()))
              .requestHandler(wiring.router())
              .listen()
              .await();
      running.with(
          (AutoCloseable)
              () -> server.shutdown(TIME_TO_FINISH.toMillis(), TimeUnit.MILLISECONDS).await());
      return new TokenService(running, server, management);
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

  /** Takes no more requests, finishes the refreshes that are under way, writes the audit. */
  @Override
  public void close() {
    running.close();
  }
}
