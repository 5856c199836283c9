package sh.cinch.local.stack;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sh.cinch.embedded.Servers;
import sh.cinch.embedded.ServersConfig;
import sh.cinch.ingress.IngressConfig;
import sh.cinch.ingress.IngressService;
import sh.cinch.releaseworker.ReleaseWorkerConfig;
import sh.cinch.releaseworker.ReleaseWorkerService;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.Environment;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.simulator.Simulator;
import sh.cinch.simulator.SimulatorConfig;
import sh.cinch.statusworker.StatusWorkerConfig;
import sh.cinch.statusworker.StatusWorkerService;
import sh.cinch.tokenservice.TokenService;
import sh.cinch.tokenservice.TokenServiceConfig;

/**
 * Everything in this JVM: broker, database, simulator, services. Each service is configured as a
 * process of its own would be, by settings, and started by the same function.
 */
public final class Stack implements AutoCloseable {

  private static final int INGRESS = 8080;
  private static final int TOKEN_SERVICE = 8081;
  private static final int SIMULATOR = 8090;
  private static final int INGRESS_MANAGEMENT = 9080;
  private static final int TOKEN_SERVICE_MANAGEMENT = 9081;
  private static final int STATUS_WORKER_MANAGEMENT = 9082;
  private static final int RELEASE_WORKER_MANAGEMENT = 9083;

  private final Running running = new Running();
  private final StackOptions options;
  private final Home home;
  private final Keys keys;
  private final Addresses addresses;

  private Stack(StackOptions options) {
    this.options = options;
    this.home = Home.in(options.home());
    if (options.fresh()) {
      home.forget();
    }
    this.keys = Keys.in(home.keys());
    try {
      this.addresses = startAll();
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  /**
   * @throws IllegalStateException where something does not start; whatever had started is stopped
   */
  public static Stack start(StackOptions options) {
    if (!options.simulator() && !options.environment().containsKey("CINCH_BITBUCKET_CLIENT_ID")) {
      throw new IllegalStateException(
          "For the real Bitbucket, set CINCH_BITBUCKET_CLIENT_ID, CINCH_BITBUCKET_CLIENT_SECRET and"
              + " CINCH_BASE_URL (the README says how to get them). For a simulated one, add"
              + " --simulator.");
    }
    return new Stack(options);
  }

  public Addresses addresses() {
    return addresses;
  }

  /** Where the addresses are written down, for other programs. */
  public Path file() {
    return home.stackFile();
  }

  private Addresses startAll() {
    Servers servers = running.with(Servers.start(serversConfig()));
    int ingressPort = port(INGRESS);
    URI ingress = Reach.of(options.environment()).url(ingressPort);
    Optional<Simulator> simulator =
        options.simulator() ? Optional.of(running.with(simulator(ingress))) : Optional.empty();
    Map<String, String> shared = shared(servers, ingress, simulator);
    ServiceContext context = running.with(context(shared));

    URI tokenService = URI.create("http://localhost:" + port(TOKEN_SERVICE));
    running.with(
        TokenService.start(
            Environment.read(tokenService(shared, tokenService), TokenServiceConfig::from),
            context));
    running.with(
        IngressService.start(
            Environment.read(ingress(shared, ingressPort, tokenService), IngressConfig::from),
            context));
    running.with(
        StatusWorkerService.start(
            Environment.read(statusWorker(shared, tokenService), StatusWorkerConfig::from),
            context));
    running.with(
        ReleaseWorkerService.start(
            Environment.read(
                releaseWorker(shared, ingress, tokenService), ReleaseWorkerConfig::from),
            context));
    options.progress().accept("Services are up.");

    Addresses found =
        new Addresses(
            ingress,
            tokenService,
            servers.kafka(),
            servers.database(),
            simulator.map(Simulator::url),
            keys.get("api-token"));
    Home.write(home.stackFile(), found.toJson());
    running.with(() -> java.nio.file.Files.deleteIfExists(home.stackFile()));
    return found;
  }

  private ServersConfig serversConfig() {
    return new ServersConfig(
        ServersConfig.Choice.from(options.environment()),
        home.servers(),
        options.fresh(),
        options.usualPorts() ? ServersConfig.USUAL_KAFKA_PORT : 0,
        options.usualPorts() ? ServersConfig.USUAL_POSTGRES_PORT : 0,
        options.exitGrace(),
        options.progress());
  }

  private Simulator simulator(URI ingress) {
    return Simulator.start(
        new SimulatorConfig(
            port(SIMULATOR),
            Optional.of(home.simulator()),
            keys.get("client.id"),
            keys.get("client.secret"),
            URI.create(ingress + "/auth/bitbucket/callback")));
  }

  private static ServiceContext context(Map<String, String> shared) {
    return Environment.read(
        shared,
        environment ->
            ServiceContext.open(
                DatabaseSettings.from(environment), KafkaSettings.from(environment)));
  }

  private Map<String, String> shared(Servers servers, URI ingress, Optional<Simulator> simulator) {
    Map<String, String> settings = new HashMap<>();
    settings.put("CINCH_KAFKA", servers.kafka().bootstrapServers());
    settings.put("CINCH_KAFKA_PROPERTIES", servers.kafka().properties().toString());
    settings.put("CINCH_DATABASE_URL", servers.database().url());
    settings.put("CINCH_DATABASE_USER", servers.database().user());
    settings.put("CINCH_DATABASE_PASSWORD", servers.database().password());
    settings.put("CINCH_BASE_URL", ingress.toString());
    settings.put("CINCH_HOST", Reach.LOOPBACK);
    settings.put("CINCH_MANAGEMENT_HOST", Reach.LOOPBACK);
    settings.putAll(given("CINCH_MANAGEMENT_HOST"));
    options.environment().entrySet().stream()
        .filter(
            given ->
                given
                    .getKey()
                    .matches(
                        "CINCH_[A-Z_]+_DAYS|CINCH_DELIVERY_BODY_KIB|CINCH_STATUS_(ORPHAN_HOURS|POSTS)|CINCH_BITBUCKET_HOURLY_LIMIT|CINCH_GIT_AT_ONCE(_OF_TOKEN)?"))
        .forEach(given -> settings.put(given.getKey(), given.getValue()));
    if (simulator.isPresent()) {
      // The address as Bitbucket would accept it in a link: it refuses hosts without a dot.
      String bitbucket = "http://127.0.0.1:" + simulator.get().port();
      settings.put("CINCH_BITBUCKET_URL", bitbucket);
      settings.put("CINCH_BITBUCKET_API_URL", simulator.get().url().toString());
      settings.put("CINCH_BITBUCKET_CLIENT_ID", keys.get("client.id"));
      settings.put("CINCH_BITBUCKET_CLIENT_SECRET", keys.get("client.secret"));
    } else {
      options.environment().entrySet().stream()
          .filter(
              given ->
                  given.getKey().startsWith("CINCH_BITBUCKET_")
                      || given.getKey().startsWith("CINCH_BASE_URL"))
          .forEach(given -> settings.put(given.getKey(), given.getValue()));
    }
    return settings;
  }

  private Map<String, String> tokenService(Map<String, String> shared, URI address) {
    Map<String, String> settings = new HashMap<>(shared);
    settings.put("CINCH_PORT", String.valueOf(address.getPort()));
    settings.put("CINCH_MANAGEMENT_PORT", String.valueOf(port(TOKEN_SERVICE_MANAGEMENT)));
    settings.put("CINCH_KEYSET", keys.get("keyset.token-service"));
    settings.put("CINCH_SERVICE_SECRETS", serviceSecrets());
    return settings;
  }

  private String serviceSecrets() {
    return "ingress=%s,status-worker=%s,release-worker=%s"
        .formatted(
            keys.get("service.ingress"),
            keys.get("service.status-worker"),
            keys.get("service.release-worker"));
  }

  private Map<String, String> ingress(Map<String, String> shared, int port, URI tokenService) {
    Map<String, String> settings = new HashMap<>(shared);
    settings.put("CINCH_PORT", String.valueOf(port));
    settings.put("CINCH_MANAGEMENT_PORT", String.valueOf(port(INGRESS_MANAGEMENT)));
    settings.put("CINCH_KEYSET", keys.get("keyset.ingress"));
    settings.put("CINCH_SERVICE_SECRET", keys.get("service.ingress"));
    settings.put("CINCH_TOKEN_SERVICE_URL", tokenService.toString());
    settings.put("CINCH_API_TOKEN", keys.get("api-token"));
    settings.put("CINCH_SERVICE_SECRETS", serviceSecrets());
    // Bitbucket and people may be elsewhere; nobody else asks the other services.
    settings.putAll(given("CINCH_HOST"));
    settings.put("CINCH_ARTIFACT_FOLDER", home.artifacts().toString());
    given("CINCH_ARTIFACT_").forEach(settings::putIfAbsent);
    return settings;
  }

  private Map<String, String> statusWorker(Map<String, String> shared, URI tokenService) {
    Map<String, String> settings = new HashMap<>(shared);
    settings.put("CINCH_MANAGEMENT_PORT", String.valueOf(port(STATUS_WORKER_MANAGEMENT)));
    settings.put("CINCH_SERVICE_SECRET", keys.get("service.status-worker"));
    settings.put("CINCH_TOKEN_SERVICE_URL", tokenService.toString());
    return settings;
  }

  private Map<String, String> releaseWorker(
      Map<String, String> shared, URI ingress, URI tokenService) {
    Map<String, String> settings = new HashMap<>(shared);
    settings.put("CINCH_MANAGEMENT_PORT", String.valueOf(port(RELEASE_WORKER_MANAGEMENT)));
    settings.put("CINCH_SERVICE_SECRET", keys.get("service.release-worker"));
    settings.put("CINCH_TOKEN_SERVICE_URL", tokenService.toString());
    settings.put("CINCH_INGRESS_URL", ingress.toString());
    settings.putAll(given("CINCH_SOURCE_"));
    settings.putAll(given("CINCH_RELEASE_"));
    return settings;
  }

  /** What a person has set for one of the services. */
  private Map<String, String> given(String prefix) {
    return options.environment().entrySet().stream()
        .filter(given -> given.getKey().startsWith(prefix))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private int port(int usual) {
    return FreePort.preferring(options.usualPorts() ? usual : 0);
  }

  /** In the opposite order of starting, so that nobody loses what it stands on. */
  @Override
  public void close() {
    running.close();
  }
}
