package sh.cinch.ingress.connecting.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.ADDRESS;
import static sh.cinch.database.ingress.Tables.HOOK;
import static sh.cinch.database.ingress.Tables.HOOK_UPKEEP;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import sh.cinch.database.ingress.tables.records.HookUpkeepRecord;
import sh.cinch.embedded.Broker;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.ingress.IngressConfig;
import sh.cinch.ingress.IngressService;
import sh.cinch.ingress.Role;
import sh.cinch.ingress.artifacts.ArtifactSettings;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.Folders;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.ingress.web.Web;
import sh.cinch.ingress.webhooks.delivery.BodySettings;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.Running;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.Listen;
import sh.cinch.service.database.Database;
import sh.cinch.service.http.TrustedProxies;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.testkit.FakeTokenService;
import sh.cinch.testkit.FreePort;
import sh.cinch.testkit.LogSpy;
import sh.cinch.testkit.PushBody;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.ShiftedClock;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TestServers;
import sh.cinch.testkit.WebhookDelivery;

/**
 * An ingress of one instance or more, whose clock is put forward, and a Bitbucket beside it. Each
 * test has repositories of its own.
 */
final class HookStand implements AutoCloseable {

  static final Duration SOON = Duration.ofSeconds(30);

  private static final String SECRET = "ingress-secret-for-tests";
  private static final String OPERATOR = "operators-token-for-tests";
  private static final String TOKEN = "token";

  private final Running running = new Running();
  private final LogSpy log = running.with(new LogSpy());
  private final ShiftedClock clock = new ShiftedClock();
  private final SimulatedBitbucket bitbucket;
  private final FakeTokenService tokenService;
  private final Path artifacts = Folders.temporary(running);
  private final ServiceContext context;
  private final KafkaAccess kafka;
  private final sh.cinch.embedded.Database database;
  private final Vault vault = Vault.open(Vault.newKeyset());
  private final int port = FreePort.next();
  private final List<RunningService> started = new ArrayList<>();
  private Optional<RunningService> lasting = Optional.empty();
  private int madeBefore;

  HookStand() {
    this.kafka = running.with(Broker.temporary()).access();
    this.database = TestServers.shared().freshDatabase();
    this.bitbucket =
        running.with(SimulatedBitbucket.start(SimulatedBitbucket.CALLBACK, InstantSource.system()));
    Vertx vertx = Vertx.vertx();
    running.with(() -> vertx.close().await());
    this.tokenService = new FakeTokenService(vertx, SECRET, bitbucket);
    Database open = running.with(Database.open(TestParts.settings(database)));
    this.context =
        new ServiceContext(
            vertx,
            open,
            TestParts.kafka(kafka),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            clock);
  }

  /** Where the first instance is reached; the other name of this machine is another address. */
  URI address() {
    return URI.create("http://localhost:" + port);
  }

  URI otherAddress() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The one at the first address that goes on from test to test. */
  RunningService ingress() {
    if (lasting.isEmpty()) {
      startAnew();
      lasting = Optional.of(start(address()));
    }
    return lasting.get();
  }

  /** One that listens at both addresses. */
  RunningService start(URI baseUrl) {
    return start(baseUrl, port, Role.ALL);
  }

  /** One more, of which no webhook knows. */
  RunningService beside(URI baseUrl) {
    return start(baseUrl, 0, Role.ALL);
  }

  /** One at both addresses that looks after no webhook. */
  RunningService withoutUpkeep(URI baseUrl) {
    return start(baseUrl, port, Set.of(Role.WEB, Role.WEBHOOKS));
  }

  private RunningService start(URI baseUrl, int at, Set<Role> roles) {
    var config =
        new IngressConfig(
            roles,
            new Listen("127.0.0.1", at),
            Listen.onLoopback(),
            TrustedProxies.NONE,
            TestParts.settings(kafka),
            TestParts.settings(database),
            Site.bitbucketCloud(bitbucket.url(), bitbucket.url()),
            vault,
            Optional.of(BodySettings.USUAL),
            Optional.of(
                new IngressConfig.Stores(
                    new IngressConfig.TokenServiceAccess(tokenService.url(), Secret.of(SECRET)),
                    new ArtifactSettings(
                        artifacts, Duration.ofDays(7), 1 << 20, 1 << 20, Optional.empty()),
                    HourlyLimit.of(0))),
            Optional.of(
                new Web.Settings(
                    baseUrl, SimulatedBitbucket.CLIENT_ID, Optional.of(Secret.of(OPERATOR)))),
            Optional.of(IngressConfig.Days.USUAL));
    RunningService service =
        IngressService.start(
            config,
            new ServiceContext(
                context.vertx(),
                context.database(),
                context.kafka(),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                clock));
    started.add(service);
    return service;
  }

  /** Ends all instances but the lasting one, and forgets what is connected. */
  void clear() {
    started.stream()
        .filter(one -> !lasting.equals(Optional.of(one)))
        .forEach(RunningService::close);
    started.retainAll(lasting.stream().toList());
    bitbucket.mend();
    Instant now = clock.instant();
    DSLContext sql = database().sql();
    sql.deleteFrom(HOOK_UPKEEP).execute();
    sql.update(HOOK).set(HOOK.REMOVED_AT, now).where(HOOK.REMOVED_AT.isNull()).execute();
    sql.update(REPOSITORY).set(REPOSITORY.STATE, "disconnected").execute();
    madeBefore += made();
  }

  /** As before the first instance was started. */
  void startAnew() {
    lasting = Optional.empty();
    clear();
    database().sql().deleteFrom(ADDRESS).execute();
  }

  SimulatedBitbucket bitbucket() {
    return bitbucket;
  }

  ShiftedClock clock() {
    return clock;
  }

  LogSpy log() {
    return log;
  }

  KafkaAccess kafka() {
    return kafka;
  }

  Database database() {
    return context.database();
  }

  Hooks hooks() {
    return new Hooks(context.database(), vault, clock);
  }

  Api operator(RunningService at) {
    return new Api(URI.create("http://localhost:" + at.port()), Optional.of(OPERATOR), log);
  }

  /** Connects so many repositories, whose webhooks Cinch makes. */
  List<Repo> connect(RunningService at, int many) {
    return Stream.generate(() -> connect(at)).limit(many).toList();
  }

  Repo connect(RunningService at) {
    String name = repository();
    return connect(at, name, bitbucket.token(name, "repository", "webhook"));
  }

  Repo connect(RunningService at, String name, String token) {
    Reply reply =
        operator(at)
            .post(
                "/repositories",
                new JsonObject()
                    .put("forge", "bitbucket-cloud")
                    .put("fullName", name)
                    .put(TOKEN, token));
    assertThat(reply.status()).as(reply.body()).isBetween(200, 201);
    return new Repo(
        name,
        reply.text("id"),
        UUID.fromString(reply.json().getJsonObject("webhook").getString("id")),
        token,
        reply.json());
  }

  /** One on Bitbucket that nobody else uses. */
  String repository() {
    String name = "acme/" + Stack.slug();
    bitbucket.repository(name);
    return name;
  }

  /** A repository that is connected. */
  record Repo(String name, String id, UUID hook, String token, JsonObject answer) {}

  /** The one webhook that Bitbucket has for it. */
  JsonObject hook(Repo repo) {
    List<JsonObject> all = bitbucket.hooks(repo.name());
    assertThat(all).as(repo.name()).hasSize(1);
    return all.getFirst();
  }

  String uuid(Repo repo) {
    return hook(repo).getString("uuid");
  }

  HookUpkeepRecord row(Repo repo) {
    return database().sql().fetchSingle(HOOK_UPKEEP, HOOK_UPKEEP.HOOK_ID.eq(repo.hook()));
  }

  /** Each is looked at now. */
  void look(List<Repo> repos) {
    List<UUID> ids = repos.stream().map(Repo::hook).toList();
    database()
        .sql()
        .update(HOOK_UPKEEP)
        .set(HOOK_UPKEEP.DUE_AT, clock.instant())
        .where(HOOK_UPKEEP.HOOK_ID.in(ids))
        .execute();
    repos.forEach(repo -> await().atMost(SOON).until(() -> isLooked(repo)));
  }

  void look(Repo repo) {
    look(List.of(repo));
  }

  /** No look is due or under way. */
  void quiet() {
    await()
        .atMost(SOON)
        .until(
            () ->
                !database()
                    .sql()
                    .fetchExists(
                        HOOK_UPKEEP,
                        HOOK_UPKEEP.DUE_AT.lt(clock.instant().plus(Duration.ofMinutes(4)))));
  }

  private boolean isLooked(Repo repo) {
    Instant due = row(repo).getDueAt();
    return due != null && due.isAfter(clock.instant().plus(Duration.ofMinutes(4)));
  }

  /** Looks at all of them as often as it takes, ten minutes and more apart. */
  void lookAgain(Repo repo) {
    clock.advance(MissingHooks.AGREES_AFTER.plusSeconds(5));
    look(repo);
  }

  int push(Repo repo) {
    return bitbucket
        .push(repo.name())
        .getJsonArray("deliveries")
        .getJsonObject(0)
        .getJsonArray("attempts")
        .getJsonObject(0)
        .getInteger("status");
  }

  JsonObject shown(RunningService at, Repo repo) {
    return operator(at).get("/repositories/" + repo.id()).json().getJsonObject("webhook");
  }

  /** What people are told of it. */
  String notes(RunningService at, Repo repo) {
    return String.valueOf(shown(at, repo).getJsonArray("notes"));
  }

  /** How many this test has made. */
  int made() {
    return bitbucket.requests("POST", "*/hooks") - madeBefore;
  }

  /** How many lead to an address, as Bitbucket has them. */
  long at(URI address, List<Repo> repos) {
    return repos.stream()
        .filter(repo -> hook(repo).getString("url").startsWith(address + "/"))
        .count();
  }

  /** A delivery that is signed with a secret, to whatever address. */
  int deliver(Repo repo, URI to, Secret secret) {
    return WebhookDelivery.push(
            URI.create(to + "/webhooks/bitbucket/" + repo.hook()),
            uuid(repo),
            PushBody.of(
                repo.answer().getString("uuid"),
                repo.name(),
                PushBody.Change.branch("main", null, PushBody.hash('b'))))
        .signed(secret.reveal())
        .status();
  }

  void change(Repo repo, Map<String, ?> changes) {
    bitbucket.changeHook(repo.name(), uuid(repo), changes);
  }

  @Override
  public void close() {
    started.reversed().forEach(RunningService::close);
    running.close();
  }
}
