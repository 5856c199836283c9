package sh.cinch.ingress.stack;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import sh.cinch.embedded.Broker;
import sh.cinch.embedded.Database;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.ingress.IngressConfig;
import sh.cinch.ingress.IngressService;
import sh.cinch.ingress.Role;
import sh.cinch.ingress.artifacts.ArtifactSettings;
import sh.cinch.ingress.connecting.credential.TokenService;
import sh.cinch.ingress.git.GitSettings;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.web.Web;
import sh.cinch.ingress.webhooks.delivery.BodySettings;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.Listen;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.http.TrustedProxies;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.testkit.CuttableConnection;
import sh.cinch.testkit.FakeTokenService;
import sh.cinch.testkit.FreePort;
import sh.cinch.testkit.LogSpy;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TestServers;
import sh.cinch.testkit.TopicReader;
import sh.cinch.testkit.TopicWriter;

/** A whole ingress with a Bitbucket, a broker, a database and a token-service around it. */
public final class Stack implements AutoCloseable {

  public static final String OPERATOR_TOKEN = "operators-token-for-tests";
  public static final String RELEASE_WORKER_SECRET = "release-worker-secret-for-tests";
  public static final long MIB = 1024 * 1024;
  static final String SERVICE_SECRET = "ingress-secret-for-tests";

  private final Running running = new Running();
  private final SimulatedBitbucket bitbucket;
  private final FakeTokenService tokenService;
  private final IngressConfig config;
  private final RunningService ingress;
  private final ServiceContext context;
  private final TopicWriter topics;
  private final TopicReader written;
  private final LogSpy log = running.with(new LogSpy());

  public Stack() {
    Broker broker = running.with(Broker.temporary());
    int port = FreePort.next();
    URI baseUrl = URI.create("http://localhost:" + port);
    bitbucket =
        running.with(
            SimulatedBitbucket.start(
                URI.create(baseUrl + "/auth/bitbucket/callback"), InstantSource.system()));
    Vertx vertx = Vertx.vertx();
    running.with(() -> vertx.close().await());
    tokenService = new FakeTokenService(vertx, SERVICE_SECRET, bitbucket);
    Database database = TestServers.shared().freshDatabase();
    DatabaseSettings settings = TestParts.settings(database);
    KafkaSettings kafka = TestParts.settings(broker.access());
    context = running.with(ServiceContext.open(settings, kafka));
    config =
        new IngressConfig(
            Role.ALL,
            new Listen("127.0.0.1", port),
            Listen.onLoopback(),
            TrustedProxies.NONE,
            kafka,
            settings,
            Site.bitbucketCloud(bitbucket.url(), bitbucket.url()),
            Vault.open(Vault.newKeyset()),
            Optional.of(BodySettings.USUAL),
            stores(
                new ArtifactSettings(
                    Folders.temporary(running),
                    Duration.ofDays(7),
                    1024 * MIB,
                    512 * MIB,
                    Optional.of(Secret.of(RELEASE_WORKER_SECRET))),
                0),
            Optional.of(
                new Web.Settings(
                    baseUrl, SimulatedBitbucket.CLIENT_ID, Optional.of(Secret.of(OPERATOR_TOKEN)))),
            Optional.of(IngressConfig.Days.USUAL));
    ingress = running.with(IngressService.start(config, context));
    topics = running.with(new TopicWriter(broker.access()));
    written = running.with(new TopicReader(broker.access(), Topic.ALL));
    log.hide(OPERATOR_TOKEN);
    log.hide(SERVICE_SECRET);
    log.hide(RELEASE_WORKER_SECRET);
    log.hide(SimulatedBitbucket.CLIENT_SECRET);
  }

  private Optional<IngressConfig.Stores> stores(ArtifactSettings artifacts, int hourlyLimit) {
    return Optional.of(
        new IngressConfig.Stores(
            new IngressConfig.TokenServiceAccess(tokenService.url(), Secret.of(SERVICE_SECRET)),
            artifacts,
            HourlyLimit.of(hourlyLimit)));
  }

  /** One more instance of the same ingress, on a port of its own; the caller closes it. */
  public RunningService another() {
    return another(artifacts(), context.clock());
  }

  /** The same with other limits, or another time. */
  public RunningService another(ArtifactSettings artifacts, InstantSource clock) {
    return another(artifacts, 0, clock);
  }

  /**
   * @param hourlyLimit of requests to Bitbucket; 0: none
   */
  public RunningService another(ArtifactSettings artifacts, int hourlyLimit, InstantSource clock) {
    return another(stores(artifacts, hourlyLimit), config.web().orElseThrow(), clock);
  }

  /** The same with another measure of git. */
  public RunningService another(GitSettings git) {
    Web.Settings web = config.web().orElseThrow();
    return another(
        config.stores(),
        new Web.Settings(web.baseUrl(), web.clientId(), web.operatorToken(), git),
        context.clock());
  }

  private RunningService another(
      Optional<IngressConfig.Stores> stores, Web.Settings web, InstantSource clock) {
    return IngressService.start(
        config(config.database(), stores, web),
        new ServiceContext(
            context.vertx(),
            context.database(),
            context.kafka(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            clock));
  }

  /** One more instance, which reaches its database over this cable; the caller closes both. */
  public RunningService another(Running with, CuttableConnection cable) {
    DatabaseSettings database =
        new DatabaseSettings(
            cable.through(config.database().url()),
            config.database().user(),
            config.database().password());
    return with.with(
        IngressService.start(
            config(database, config.stores(), config.web().orElseThrow()),
            with.with(ServiceContext.open(database, config.kafka()))));
  }

  private IngressConfig config(
      DatabaseSettings database, Optional<IngressConfig.Stores> stores, Web.Settings web) {
    return new IngressConfig(
        config.roles(),
        Listen.onLoopback(),
        Listen.onLoopback(),
        config.proxies(),
        config.kafka(),
        database,
        config.site(),
        config.vault(),
        config.bodies(),
        stores,
        Optional.of(web),
        config.days());
  }

  public IngressConfig config() {
    return config;
  }

  public ArtifactSettings artifacts() {
    return config.stores().orElseThrow().artifacts();
  }

  public URI url() {
    return URI.create("http://localhost:" + ingress.port());
  }

  public URI managementUrl() {
    return URI.create("http://localhost:" + ingress.managementPort());
  }

  /** A program with the operator's token. */
  public Api operator() {
    return new Api(url(), Optional.of(OPERATOR_TOKEN), log);
  }

  /** The same, at another instance. */
  public Api operator(int port) {
    return new Api(URI.create("http://localhost:" + port), Optional.of(OPERATOR_TOKEN), log);
  }

  public Api with(String token) {
    return new Api(url(), Optional.of(token), log);
  }

  /**
   * Connects a repository that Bitbucket has, with a token of its own that may see it and make its
   * webhook.
   *
   * @return Cinch's id of it
   */
  public String connect(String fullName) {
    return operator()
        .post(
            "/repositories",
            new JsonObject()
                .put("forge", "bitbucket-cloud")
                .put("fullName", fullName)
                .put("token", bitbucket().token(fullName, "repository", "webhook")))
        .json()
        .getString("id");
  }

  /** A program that builds one repository, with a token of its own. */
  public Api runner(String repository) {
    Reply made =
        operator()
            .post(
                "/tokens",
                new JsonObject()
                    .put("kind", "runner")
                    .put("repositories", new JsonArray().add(repository)));
    if (made.status() != 201) {
      throw new AssertionError("no token for a runner: " + made);
    }
    String token = made.json().getString("token");
    log.hide(token);
    return with(token);
  }

  public Api anonymous() {
    return new Api(url(), Optional.empty(), log);
  }

  /** A browser of its own. */
  public Browser browser() {
    return new Browser(url(), log);
  }

  /** The same, at another instance. */
  public Browser browser(int port) {
    return new Browser(URI.create("http://localhost:" + port), log);
  }

  public SimulatedBitbucket bitbucket() {
    return bitbucket;
  }

  public FakeTokenService tokenService() {
    return tokenService;
  }

  /** The ingress' own way to it. */
  public TokenService tokenServiceClient() {
    return new TokenService(
        WebClient.create(context.vertx()), tokenService.url(), Secret.of(SERVICE_SECRET));
  }

  public Leases leases() {
    return new Leases(
        context.vertx(), tokenService.url(), Secret.of(SERVICE_SECRET), context.clock());
  }

  /** The token-service says on its topic how a credential stands now. */
  public void tell(UUID credential, String kind, State state, @Nullable String reason) {
    tell(new CredentialEvent(credential, kind, state, reason, null, Instant.now()));
  }

  public void tell(CredentialEvent event) {
    topics.write(Topic.CREDENTIAL, event.credentialId().toString(), event);
  }

  /** Writes to a topic; the record is there afterwards. */
  public void write(ProducerRecord<byte[], byte[]> record) {
    topics.write(record);
  }

  /** What is on a topic right now under a key, oldest first. */
  public List<Incoming> records(Topic<?> topic, String key) {
    return written.records(topic, key).stream().map(Incoming::new).toList();
  }

  public ServiceContext context() {
    return context;
  }

  public LogSpy log() {
    return log;
  }

  /** A name nobody else uses. */
  public static String slug() {
    return "app-" + UUID.randomUUID().toString().substring(0, 8);
  }

  @Override
  public void close() {
    running.close();
  }
}
