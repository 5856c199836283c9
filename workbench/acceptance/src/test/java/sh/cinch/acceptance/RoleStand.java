package sh.cinch.acceptance;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.ingress.IngressConfig;
import sh.cinch.ingress.IngressService;
import sh.cinch.ingress.Role;
import sh.cinch.service.Running;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.Environment;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.service.text.EnumWord;
import sh.cinch.statusworker.StatusWorkerConfig;
import sh.cinch.statusworker.StatusWorkerService;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TestServers;
import sh.cinch.tokenservice.TokenService;
import sh.cinch.tokenservice.TokenServiceConfig;

/** All of Cinch but its ingress, of which instances with any roles can be started. */
final class RoleStand implements AutoCloseable {

  static final String API_TOKEN = "operators-token-for-tests";

  private static final String SECRET = "ingress-secret-for-tests";
  private static final String WORKER_SECRET = "worker-secret-for-tests";

  private final Running running = new Running();
  private final Map<String, String> common = new HashMap<>();
  private final Path artifacts;
  private final InstantSource clock;
  private final TestServers servers = running.with(TestServers.start());
  private final ServiceContext context;
  private final PathProxy proxy;
  private final SimulatedBitbucket bitbucket;
  private final URI tokenService;

  RoleStand(Path artifacts) {
    this(artifacts, InstantSource.system());
  }

  /**
   * @param workersClock that of the status-worker alone
   */
  RoleStand(Path artifacts, InstantSource workersClock) {
    this(artifacts, InstantSource.system(), workersClock);
  }

  /** Everybody by one clock, Bitbucket too; the broker alone has the machine's. */
  static RoleStand byOneClock(Path artifacts, InstantSource clock) {
    return new RoleStand(artifacts, clock, clock);
  }

  private RoleStand(Path artifacts, InstantSource clock, InstantSource workersClock) {
    this.artifacts = artifacts;
    this.clock = clock;
    var database = servers.freshDatabase();
    context =
        running.with(
            ServiceContext.open(
                new DatabaseSettings(
                    database.url(), database.user(), Secret.of(database.password())),
                new KafkaSettings(kafka().bootstrapServers(), Optional.of(kafka().properties()))));
    proxy = running.with(new PathProxy(context.vertx()));
    bitbucket =
        running.with(
            SimulatedBitbucket.start(URI.create(proxy.url() + "/auth/bitbucket/callback"), clock));
    common.put("CINCH_HOST", "127.0.0.1");
    common.put("CINCH_PORT", "0");
    common.put("CINCH_MANAGEMENT_HOST", "127.0.0.1");
    common.put("CINCH_MANAGEMENT_PORT", "0");
    common.put("CINCH_KAFKA", kafka().bootstrapServers());
    common.put("CINCH_KAFKA_PROPERTIES", kafka().properties().toString());
    common.put("CINCH_DATABASE_URL", database.url());
    common.put("CINCH_DATABASE_PASSWORD", database.password());
    common.put("CINCH_BITBUCKET_URL", bitbucket.url().toString());
    common.put("CINCH_BITBUCKET_API_URL", bitbucket.url().toString());
    common.put("CINCH_KEYSET", Vault.newKeyset().reveal());
    tokenService = tokenService();
    statusWorker(workersClock);
  }

  private URI tokenService() {
    Map<String, String> settings = new HashMap<>(common);
    settings.put("CINCH_KEYSET", Vault.newKeyset().reveal());
    settings.put("CINCH_BITBUCKET_CLIENT_ID", SimulatedBitbucket.CLIENT_ID);
    settings.put("CINCH_BITBUCKET_CLIENT_SECRET", SimulatedBitbucket.CLIENT_SECRET);
    settings.put(
        "CINCH_SERVICE_SECRETS", "ingress=%s,status-worker=%s".formatted(SECRET, WORKER_SECRET));
    int port =
        running
            .with(
                TokenService.start(
                    Environment.read(settings, TokenServiceConfig::from), withOwnMetrics(clock)))
            .port();
    return URI.create("http://localhost:" + port);
  }

  private void statusWorker(InstantSource by) {
    Map<String, String> settings = new HashMap<>(common);
    settings.put("CINCH_SERVICE_SECRET", WORKER_SECRET);
    settings.put("CINCH_TOKEN_SERVICE_URL", tokenService.toString());
    running.with(
        StatusWorkerService.start(
            Environment.read(settings, StatusWorkerConfig::from), withOwnMetrics(by)));
  }

  /** An instance that is told no more than these roles need; the caller closes it. */
  RunningService ingress(Set<Role> roles) {
    Map<String, String> settings = new HashMap<>(common);
    settings.put(
        "CINCH_ROLES", roles.stream().map(EnumWord::word).collect(Collectors.joining(",")));
    if (roles.contains(Role.WEB) || roles.contains(Role.PROJECTIONS)) {
      settings.put("CINCH_TOKEN_SERVICE_URL", tokenService.toString());
      settings.put("CINCH_SERVICE_SECRET", SECRET);
      settings.put("CINCH_ARTIFACT_FOLDER", artifacts.toString());
    }
    if (roles.contains(Role.WEB)) {
      settings.put("CINCH_BASE_URL", proxy.url().toString());
      settings.put("CINCH_BITBUCKET_CLIENT_ID", SimulatedBitbucket.CLIENT_ID);
      settings.put("CINCH_API_TOKEN", API_TOKEN);
    }
    return IngressService.start(
        Environment.read(settings, IngressConfig::from), withOwnMetrics(clock));
  }

  private ServiceContext withOwnMetrics(InstantSource by) {
    return new ServiceContext(
        context.vertx(),
        context.database(),
        context.kafka(),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        by);
  }

  /** The one address that people, programs and Bitbucket know. */
  PathProxy proxy() {
    return proxy;
  }

  SimulatedBitbucket bitbucket() {
    return bitbucket;
  }

  Database database() {
    return context.database();
  }

  KafkaAccess kafka() {
    return servers.kafka();
  }

  @Override
  public void close() {
    running.close();
  }
}
