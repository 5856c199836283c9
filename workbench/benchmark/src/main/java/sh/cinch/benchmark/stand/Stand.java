package sh.cinch.benchmark.stand;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import sh.cinch.benchmark.figures.Plan;
import sh.cinch.embedded.Broker;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.embedded.Postgres;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.service.Running;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.Listen;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.retention.RetentionDays;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.simulator.Simulator;
import sh.cinch.simulator.SimulatorConfig;
import sh.cinch.simulator.oauth.RefreshLog;
import sh.cinch.tokenservice.TokenService;
import sh.cinch.tokenservice.TokenServiceConfig;
import sh.cinch.tokenservice.caller.Callers;

/**
 * A token-service as in production, on servers of its own: a PostgreSQL that is as safe as any,
 * since what a commit costs is part of what is measured.
 */
public final class Stand implements AutoCloseable {

  /** Of the service that leases. */
  public static final String WORKER_SECRET = "the-secret-of-the-status-worker";

  /** Of the service that sends files. */
  public static final String RELEASE_SECRET = "the-secret-of-the-release-worker";

  /** Of the service that stores credentials. */
  public static final String INGRESS_SECRET = "the-secret-of-the-ingress";

  static final String CLIENT_ID = "benchmark";
  static final String CLIENT_SECRET = "the-secret-of-the-oauth-client";
  static final String BASE = "http://localhost:8080";
  private static final String CALLBACK = BASE + "/auth/bitbucket/callback";

  /** Next to none ahead of need: each is to happen when it is measured. */
  private static final int REFRESHES_PER_HOUR = 1;

  private final Running running = new Running();
  private final MovableClock clock = new MovableClock();
  private final Path home;
  private final EventLoop loop;
  private final KafkaSettings kafka;
  private final Optional<Simulator> simulator;
  private final URI bitbucket;
  private final RunningService service;
  private final sh.cinch.embedded.Database database;
  private final Calls calls;

  private Stand(Path home, Optional<URI> elsewhere) {
    this.home = home;
    try {
      KafkaAccess broker = running.with(Broker.temporary()).access();
      kafka = new KafkaSettings(broker.bootstrapServers(), Optional.of(broker.properties()));
      if (elsewhere.isPresent()) {
        countStatements(home);
      }
      database = running.with(Postgres.kept(home, 0)).database();
      simulator = elsewhere.isPresent() ? Optional.empty() : Optional.of(startSimulator());
      bitbucket = elsewhere.orElseGet(() -> simulator().url());
      loop = EventLoop.start();
      TokenServiceConfig config = config();
      service = running.with(TokenService.start(config, running.with(context(loop.vertx()))));
      Vertx vertx = Vertx.vertx();
      running.with((AutoCloseable) () -> vertx.close().await());
      calls = new Calls(vertx);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  public static Stand start(Plan plan) {
    return start(plan, Optional.empty());
  }

  /**
   * The same for what is to be taken apart: the simulated Bitbucket is a process of its own, and
   * PostgreSQL counts statements.
   */
  public static Stand start(Plan plan, SimulatorProcess bitbucket) {
    return start(plan, Optional.of(bitbucket.url()));
  }

  private static Stand start(Plan plan, Optional<URI> elsewhere) {
    plan.tell("starting Kafka, PostgreSQL, a simulated Bitbucket and the token-service …");
    try {
      return new Stand(Files.createTempDirectory("cinch-benchmark-"), elsewhere);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The library is loaded when PostgreSQL starts, so it is told the time before. */
  private static void countStatements(Path home) {
    try (Postgres before = Postgres.kept(home, 0);
        Connection connection = connect(before.database());
        Statement statement = connection.createStatement()) {
      statement.execute("alter system set shared_preload_libraries = 'pg_stat_statements'");
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL cannot count statements", e);
    }
  }

  private Simulator startSimulator() {
    return running.with(
        Simulator.start(
            new SimulatorConfig(
                0, Optional.empty(), CLIENT_ID, CLIENT_SECRET, URI.create(CALLBACK)),
            clock));
  }

  private TokenServiceConfig config() {
    return new TokenServiceConfig(
        Listen.onLoopback(),
        Listen.onLoopback(),
        kafka,
        databaseSettings(),
        CLIENT_ID,
        Secret.of(CLIENT_SECRET),
        Site.bitbucketCloud(bitbucket, bitbucket),
        HourlyLimit.of(0),
        Vault.open(Vault.newKeyset()),
        callers(),
        REFRESHES_PER_HOUR,
        RetentionDays.LEASES.usual());
  }

  /** A file that goes with this. */
  public Path file(String name) {
    return home.resolve(name);
  }

  /** PostgreSQL's own process; those of its connections are its children. */
  public ProcessHandle postgres() {
    try (Stream<String> lines = Files.lines(home.resolve("data").resolve("postmaster.pid"))) {
      long pid = Long.parseLong(lines.findFirst().orElseThrow());
      return ProcessHandle.of(pid).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Beside those of the services; the caller's to close. */
  public Connection connect() throws SQLException {
    return connect(database);
  }

  private static Connection connect(sh.cinch.embedded.Database to) throws SQLException {
    return DriverManager.getConnection(to.url(), to.user(), to.password());
  }

  /** What one more service stands on; the caller's to close. */
  public ServiceContext context(Vertx vertx) {
    return new ServiceContext(
        vertx,
        Database.open(databaseSettings()),
        new Kafka(kafka),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        clock);
  }

  public KafkaSettings kafka() {
    return kafka;
  }

  public DatabaseSettings databaseSettings() {
    return new DatabaseSettings(database.url(), database.user(), Secret.of(database.password()));
  }

  /** The one in this JVM. */
  public Simulator simulator() {
    return simulator.orElseThrow();
  }

  public URI bitbucket() {
    return bitbucket;
  }

  /** Tells the simulator what becomes of its world; what it answers. */
  public JsonObject control(HttpMethod method, String path, JsonObject body) {
    return calls.json(method, bitbucket + "/_simulator" + path, "none", body);
  }

  /** Whom the token-service lets in. */
  public static Callers callers() {
    return Callers.parse(
        Secret.of(
            "ingress=%s,status-worker=%s,release-worker=%s"
                .formatted(INGRESS_SECRET, WORKER_SECRET, RELEASE_SECRET)));
  }

  public int port() {
    return service.port();
  }

  public EventLoop loop() {
    return loop;
  }

  public sh.cinch.embedded.Database database() {
    return database;
  }

  public static String leases(UUID credential) {
    return "/v1/credentials/" + credential + "/leases";
  }

  /** Somebody connects; the token-service holds the grant. */
  public UUID connect(String nickname) {
    return UUID.fromString(
        calls
            .json(
                "http://localhost:" + port() + "/v1/credentials",
                "Bearer " + INGRESS_SECRET,
                new JsonObject()
                    .put("kind", "oauth")
                    .put("code", agree(nickname))
                    .put("redirectUri", CALLBACK))
            .getString("id"));
  }

  /** Somebody agrees; the benchmark itself holds the grant. */
  public Grant grant(String nickname) {
    MultiMap form =
        MultiMap.caseInsensitiveMultiMap()
            .add("grant_type", "authorization_code")
            .add("code", agree(nickname))
            .add("redirect_uri", CALLBACK);
    return new Grant(askTokenEndpoint(form).getString("refresh_token"));
  }

  public JsonObject lease(UUID credential) {
    return calls.json(
        "http://localhost:" + port() + leases(credential),
        "Bearer " + WORKER_SECRET,
        new JsonObject());
  }

  /** What a refresh is without a token-service. */
  public void refresh(Grant grant) {
    MultiMap form =
        MultiMap.caseInsensitiveMultiMap()
            .add("grant_type", "refresh_token")
            .add("refresh_token", grant.refreshToken());
    grant.rotated(askTokenEndpoint(form).getString("refresh_token"));
  }

  /** How often this person's grant was refreshed. */
  public int refreshes(String nickname) {
    RefreshLog.Count count = simulator().refreshes().accounts().get(nickname);
    return count == null ? 0 : count.granted();
  }

  public void advance(Duration by) {
    clock.advance(by);
  }

  /** The same where it answers nothing. */
  public void tell(String path, JsonObject body) {
    calls.post(bitbucket + "/_simulator" + path, body);
  }

  /** Something of the simulator's. */
  public void delete(String url, String authorization) {
    calls.delete(url, authorization);
  }

  private String agree(String nickname) {
    return calls
        .json(bitbucket + "/_simulator/grants", "none", new JsonObject().put("account", nickname))
        .getString("code");
  }

  private JsonObject askTokenEndpoint(MultiMap form) {
    String pair = CLIENT_ID + ":" + CLIENT_SECRET;
    return calls.form(
        bitbucket + "/site/oauth2/access_token",
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)),
        form);
  }

  @Override
  public void close() {
    running.close();
    try (Stream<Path> entries = Files.walk(home)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
