package sh.cinch.ingress;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import sh.cinch.forge.call.RequestCounts;
import sh.cinch.ingress.lifecycle.Lifecycle;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.health.Health;
import sh.cinch.service.health.ManagementServer;
import sh.cinch.service.kafka.Topics;
import sh.cinch.service.keyset.KeysetCare;

/** A running ingress: its loops, its two ports, and how it all ends. */
public final class IngressService implements AutoCloseable {

  public static final String NAME = "ingress";

  private static final List<Topic<?>> TOPICS =
      List.of(
          Topic.PUSH,
          Topic.BUILD_STATE,
          Topic.RELEASE_REQUEST,
          Topic.OUTCOME,
          Topic.CONNECTION,
          Topic.CREDENTIAL,
          Topic.DEAD_LETTER);

  private static final int LONGEST_HEADERS = 16 * 1024;
  private static final int LONGEST_LINE = 8 * 1024;
  private static final int IDLE_SECONDS = 60;
  private static final int SECONDS_TO_FINISH = 10;

  private final Running running;
  private final HttpServer server;
  private final ManagementServer management;

  private IngressService(Running running, HttpServer server, ManagementServer management) {
    this.running = running;
    this.server = server;
    this.management = management;
  }

  /**
   * Starts one, and returns once it answers.
   *
   * @param context stay open when this is closed
   */
  public static IngressService start(IngressConfig config, ServiceContext context) {
    Running running = new Running();
    try {
      // Before anything else: with the wrong keyset nothing may change, anywhere.
      KeysetCare keyset = KeysetCare.of(context, Hooks.ENCRYPTED, config.vault());
      Topics.ensure(context.kafka(), TOPICS);
      Health health = new Health().with("database", context.database());
      Router router = Router.router(context.vertx());
      RequestCounts requests = new RequestCounts(context.clock(), context.metrics());
      Wiring.start(config.with(keyset.vault()), context, new Lifecycle(running, health), requests)
          .mount(router);
      keyset.start(running, health);
      HttpServer server = listen(context.vertx(), config.port(), router);
      running.with(() -> server.shutdown(SECONDS_TO_FINISH, TimeUnit.SECONDS).await());
      ManagementServer management =
          running.with(
              ManagementServer.start(
                  context.vertx(),
                  config.managementPort(),
                  NAME,
                  health,
                  context.metrics(),
                  Map.of("/keyset", keyset.report(), "/requests", requests)));
      return new IngressService(running, server, management);
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

  /** Takes no more requests, finishes those in flight, then stops what they were served with. */
  @Override
  public void close() {
    running.close();
  }

  private static HttpServer listen(Vertx vertx, int port, Router router) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setPort(port)
            .setHttp2ClearTextEnabled(false)
            .setDecompressionSupported(false)
            .setMaxHeaderSize(LONGEST_HEADERS)
            .setMaxInitialLineLength(LONGEST_LINE)
            .setIdleTimeout(IDLE_SECONDS);
    return vertx.createHttpServer(options).requestHandler(router).listen().await();
  }
}
