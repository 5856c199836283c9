package sh.cinch.tokenservice;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import sh.cinch.service.Running;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Leaks;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;

/** A token-service that runs, and calls to it. */
final class Instance implements AutoCloseable {

  static final String INGRESS = "the-secret-of-the-ingress";
  static final String STATUS_WORKER = "the-secret-of-the-status-worker";
  static final String RELEASE_WORKER = "the-secret-of-the-release-worker";
  static final String CALLERS =
      "ingress="
          + INGRESS
          + ",status-worker="
          + STATUS_WORKER
          + ",release-worker="
          + RELEASE_WORKER;

  private static final String ACCESS_TOKEN = "\"authorization\":\"[^\"]*\"";

  private final Running running = new Running();
  private final Leaks leaks;
  private final ServiceContext context;
  private final RunningService service;

  Instance(TokenServiceConfig config, InstantSource clock, Leaks leaks) {
    this.leaks = leaks;
    context =
        running.with(
            new ServiceContext(
                Vertx.vertx(),
                Database.open(config.database()),
                new Kafka(config.kafka()),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                clock));
    try {
      service = running.with(TokenService.start(config, context));
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  String url() {
    return "http://localhost:" + service.port();
  }

  Reply exchange(String code) {
    return ingress(
        "POST",
        "/v1/credentials",
        new JsonObject()
            .put("kind", "oauth")
            .put("code", code)
            .put("redirectUri", SimulatedBitbucket.CALLBACK.toString()));
  }

  Reply paste(String fullName, String token) {
    return ingress("POST", "/v1/credentials", pasted(fullName, token));
  }

  Reply paste(String fullName, String token, String email) {
    return ingress("POST", "/v1/credentials", pasted(fullName, token).put("email", email));
  }

  private static JsonObject pasted(String fullName, String token) {
    return new JsonObject()
        .put("kind", "token")
        .put("forge", "bitbucket-cloud")
        .put("fullName", fullName)
        .put("token", token);
  }

  Reply show(UUID credential) {
    return ingress("GET", "/v1/credentials/" + credential, new JsonObject());
  }

  String state(UUID credential) {
    return show(credential).text("state");
  }

  Reply erase(UUID credential) {
    return ingress("DELETE", "/v1/credentials/" + credential, new JsonObject());
  }

  Reply lease(UUID credential) {
    return lease(credential, new JsonObject());
  }

  Reply gitLease(UUID credential) {
    return lease(credential, new JsonObject().put("use", "git"));
  }

  Reply lease(UUID credential, JsonObject body) {
    return worker("POST", "/v1/credentials/" + credential + "/leases", body);
  }

  Reply reject(UUID credential, Reply lease) {
    return worker(
        "POST",
        "/v1/credentials/" + credential + "/rejections",
        new JsonObject().put("leaseId", lease.text("leaseId")));
  }

  Reply ingress(String method, String path, JsonObject body) {
    return call(INGRESS, method, path, body.encode());
  }

  Reply worker(String method, String path, JsonObject body) {
    return call(STATUS_WORKER, method, path, body.encode());
  }

  Reply tryOnceMore(UUID credential) {
    return ingress("POST", "/v1/credentials/" + credential + "/tries", new JsonObject());
  }

  Reply call(String secret, String method, String path, String body) {
    Reply reply =
        Http.send(
            method,
            url() + path,
            Map.of("Authorization", "Bearer " + secret, "Content-Type", "application/json"),
            body);
    // The access token of a lease is what it is for; nothing else may stand in an answer.
    leaks.answered("answers", reply.body().replaceFirst(ACCESS_TOKEN, "") + reply.headers().map());
    return reply;
  }

  Reply management(String path) {
    return Http.send("GET", "http://localhost:" + service.managementPort() + path, Map.of(), "");
  }

  void wake() {
    service.wake("ahead-of-need");
  }

  DSLContext sql() {
    return context.database().sql();
  }

  @Override
  public void close() {
    leaks.answered("metrics", context.metrics().scrape());
    running.close();
  }
}
