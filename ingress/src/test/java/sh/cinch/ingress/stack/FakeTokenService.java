package sh.cinch.ingress.stack;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.UsernamePasswordCredentials;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.http.Problem;

/** Answers the token-service's contract; keeps tokens in memory and never refreshes one. */
public final class FakeTokenService {

  private record Kept(JsonObject shown, String authorization) {}

  private final URI bitbucket;
  private final LogSpy log;
  private final WebClient web;
  private final Map<UUID, Kept> credentials = new ConcurrentHashMap<>();
  private final List<UUID> tries = new CopyOnWriteArrayList<>();
  private volatile boolean away;
  private volatile boolean erases = true;
  private final HttpServer server;

  private FakeTokenService(Vertx vertx, URI bitbucket, LogSpy log) {
    this.bitbucket = bitbucket;
    this.log = log;
    this.web = WebClient.create(vertx);
    Router router = Router.router(vertx);
    router.route().handler(this::whileHere);
    router.route().handler(BodyHandler.create(false));
    router.post("/v1/credentials").handler(BlockingHandler.handler(this::store));
    router.post("/v1/credentials/:id/leases").handler(BlockingHandler.handler(this::lease));
    router
        .post("/v1/credentials/:id/rejections")
        .handler(context -> context.response().setStatusCode(204).end());
    router.post("/v1/credentials/:id/tries").handler(BlockingHandler.handler(this::tryAgain));
    router.get("/v1/credentials/:id").handler(BlockingHandler.handler(this::show));
    router.delete("/v1/credentials/:id").handler(BlockingHandler.handler(this::remove));
    this.server = vertx.createHttpServer().requestHandler(router).listen(0).await();
  }

  static FakeTokenService start(Vertx vertx, URI bitbucket, LogSpy log) {
    return new FakeTokenService(vertx, bitbucket, log);
  }

  URI url() {
    return URI.create("http://localhost:" + server.actualPort());
  }

  /** Until told otherwise it answers nobody as it should. */
  public void away(boolean isAway) {
    away = isAway;
  }

  /** Until told otherwise it erases nothing. */
  public void erases(boolean can) {
    erases = can;
  }

  /** As if it had found out. */
  public void stands(UUID credential, String state, String reason) {
    Kept kept = Objects.requireNonNull(credentials.get(credential));
    kept.shown().put("state", state).put("reason", reason);
  }

  /** The credentials that somebody wanted tried again. */
  public List<UUID> tries() {
    return List.copyOf(tries);
  }

  private void whileHere(RoutingContext context) {
    if (away) {
      context.response().setStatusCode(503).end();
    } else {
      context.next();
    }
  }

  private void tryAgain(RoutingContext context) {
    authenticate(context);
    if (kept(context).shown().getString("state").equals("healthy")) {
      throw new Problem(409, "Nothing to try", "The credential is healthy.");
    }
    tries.add(UUID.fromString(context.pathParam("id")));
    context.response().setStatusCode(202).end();
  }

  public boolean has(UUID credential) {
    return credentials.containsKey(credential);
  }

  /** How often this token is kept. */
  public long size(String token) {
    return credentials.values().stream()
        .filter(kept -> kept.authorization().equals("Bearer " + token))
        .count();
  }

  private void store(RoutingContext context) {
    authenticate(context);
    JsonObject body = context.body().asJsonObject();
    if (body.getString("kind").equals("oauth")) {
      keep(context, "oauth", exchange(body));
    } else {
      keep(context, "access-token", body.getString("token"));
    }
  }

  private String exchange(JsonObject body) {
    log.hide(body.getString("code"));
    HttpResponse<Buffer> answer =
        web.postAbs(bitbucket + "/site/oauth2/access_token")
            .authentication(new UsernamePasswordCredentials(Stack.CLIENT_ID, Stack.CLIENT_SECRET))
            .sendForm(
                MultiMap.caseInsensitiveMultiMap()
                    .add("grant_type", "authorization_code")
                    .add("code", body.getString("code"))
                    .add("redirect_uri", body.getString("redirectUri")))
            .await();
    if (answer.statusCode() != 200) {
      throw new Problem(422, "Refused", "Bitbucket refused the code.");
    }
    return answer.bodyAsJsonObject().getString("access_token");
  }

  private void keep(RoutingContext context, String kind, String token) {
    log.hide(token);
    String authorization = "Bearer " + token;
    Optional<Map.Entry<UUID, Kept>> before =
        credentials.entrySet().stream()
            .filter(entry -> entry.getValue().authorization().equals(authorization))
            .findFirst();
    if (before.isPresent()) {
      answer(context, 200, before.get().getValue().shown());
      return;
    }
    JsonObject account = kind.equals("oauth") ? account(authorization) : null;
    Optional<UUID> grant = account == null ? Optional.empty() : ofAccount(account);
    if (grant.isPresent()) {
      JsonObject repaired = Objects.requireNonNull(credentials.get(grant.get())).shown().copy();
      repaired.put("state", "healthy").remove("reason");
      credentials.put(grant.get(), new Kept(repaired, authorization));
      answer(context, 200, repaired);
      return;
    }
    if (kind.equals("access-token")) {
      probe(context.body().asJsonObject().getString("fullName"), authorization);
    }
    UUID id = UUID.randomUUID();
    JsonObject shown =
        new JsonObject()
            .put("id", id.toString())
            .put("kind", kind)
            .put("scopes", new JsonArray(List.of("repository", "webhook")))
            .put("state", "healthy")
            .put("account", account)
            .put("expiresAt", context.body().asJsonObject().getString("expiresAt"));
    credentials.put(id, new Kept(shown, authorization));
    answer(context, 201, shown);
  }

  private Optional<UUID> ofAccount(JsonObject account) {
    return credentials.entrySet().stream()
        .filter(entry -> account.equals(entry.getValue().shown().getJsonObject("account")))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private void probe(String fullName, String authorization) {
    if (get("/2.0/repositories/" + fullName, authorization).statusCode() == 401) {
      throw new Problem(422, "Refused", "Bitbucket does not know this token.");
    }
  }

  private JsonObject account(String authorization) {
    JsonObject user = get("/2.0/user", authorization).bodyAsJsonObject();
    return new JsonObject()
        .put("uuid", user.getString("uuid"))
        .put("name", user.getString("display_name"));
  }

  private HttpResponse<Buffer> get(String path, String authorization) {
    HttpRequest<Buffer> request = web.getAbs(bitbucket + path);
    return request.putHeader("Authorization", authorization).send().await();
  }

  private void lease(RoutingContext context) {
    authenticate(context);
    JsonObject shown = kept(context).shown();
    if (shown.getString("state").equals("needs-authorization")) {
      throw new Problem(409, "Needs authorization", shown.getString("reason"));
    }
    answer(
        context,
        201,
        new JsonObject()
            .put("leaseId", UUID.randomUUID().toString())
            .put("authorization", kept(context).authorization())
            .putNull("expiresAt"));
  }

  private void show(RoutingContext context) {
    authenticate(context);
    answer(context, 200, kept(context).shown());
  }

  private void remove(RoutingContext context) {
    authenticate(context);
    if (!erases) {
      throw new Problem(503, "Not now", "The database is away.");
    }
    credentials.remove(UUID.fromString(context.pathParam("id")));
    context.response().setStatusCode(204).end();
  }

  private Kept kept(RoutingContext context) {
    return Optional.ofNullable(credentials.get(UUID.fromString(context.pathParam("id"))))
        .orElseThrow(() -> new Problem(404, "Unknown", "There is no such credential."));
  }

  private static void authenticate(RoutingContext context) {
    if (!("Bearer " + Stack.SERVICE_SECRET).equals(context.request().getHeader("Authorization"))) {
      throw new Problem(401, "Unknown", "Who are you?");
    }
  }

  private static void answer(RoutingContext context, int status, JsonObject body) {
    context.response().setStatusCode(status).end(body.encode());
  }
}
