package sh.cinch.acceptance.deliveries;

import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import sh.cinch.acceptance.rolling.Balancer;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.embedded.Postgres;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.NewHook;
import sh.cinch.service.Running;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.testkit.ChildProcess;
import sh.cinch.testkit.FreePort;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Scale;

/**
 * Processes of an ingress that receives deliveries, behind one address, and their stores: each of
 * them can be taken away and given back.
 */
final class Stand implements AutoCloseable {

  static final String FULL_NAME = "acme/app";

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** For the proof as an operator's Java has it. */
  private static final List<String> OPTIONS =
      List.of("-Xmx128m", "-XX:TieredStopAtLevel=" + Scale.of(1, 4));

  private record Instance(ChildProcess process, int port, int management) {}

  private final Running running = new Running();
  private final Path folder;
  private final Balancer balancer = running.with(new Balancer());
  private final BrokerProcess kafka;
  private Postgres postgres;
  private final Database database;
  private final Secret keyset = Vault.newKeyset();
  private final Hooks hooks;
  private final Deque<Instance> instances = new ArrayDeque<>();

  /** With both stores, and no instance yet. */
  Stand(Path folder) {
    this.folder = folder;
    kafka = running.with(new BrokerProcess(folder));
    postgres = Postgres.kept(folder.resolve("postgres"), 0);
    database =
        running.with(
            Database.open(
                new DatabaseSettings(
                    postgres.database().url(),
                    postgres.database().user(),
                    Secret.of(postgres.database().password()))));
    hooks = new Hooks(database, Vault.open(keyset), InstantSource.system());
    kafka.start();
  }

  BrokerProcess kafka() {
    return kafka;
  }

  KafkaAccess access() {
    return kafka.access();
  }

  Database database() {
    return database;
  }

  void stopDatabase() {
    postgres.close();
  }

  /** On the port and the data that it had. */
  void startDatabase() {
    String before = postgres.database().url();
    postgres = Postgres.kept(folder.resolve("postgres"), 0);
    if (!postgres.database().url().equals(before)) {
      throw new AssertionError("PostgreSQL has moved from " + before);
    }
  }

  /** Both stores, and so many instances, which are ready. */
  void mend(int count) {
    kafka.start();
    while (instances.size() > count) {
      stop();
    }
    while (instances.size() < count) {
      start();
    }
  }

  /** One more, once it is ready. */
  void start() {
    start("ready");
  }

  /** One more, once it is there, whether it is ready or not. */
  void startUnready() {
    start("live");
  }

  private void start(String health) {
    Instance instance = begin();
    String url = "http://localhost:%d/health/%s".formatted(instance.management(), health);
    await("an ingress that is " + health)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .failFast("an ingress has ended", () -> !instance.process().isAlive())
        .until(() -> Http.send("GET", url, Map.of(), "").status() == 200);
    balancer.add(instance.port());
  }

  private Instance begin() {
    int port = FreePort.next();
    int management = FreePort.next();
    Map<String, String> environment = new HashMap<>();
    environment.put("CINCH_ROLES", "webhooks");
    environment.put("CINCH_HOST", "127.0.0.1");
    environment.put("CINCH_PORT", String.valueOf(port));
    environment.put("CINCH_MANAGEMENT_HOST", "127.0.0.1");
    environment.put("CINCH_MANAGEMENT_PORT", String.valueOf(management));
    environment.put("CINCH_KAFKA", access().bootstrapServers());
    environment.put("CINCH_KAFKA_PROPERTIES", access().properties().toString());
    environment.put("CINCH_DATABASE_URL", postgres.database().url());
    environment.put("CINCH_DATABASE_USER", postgres.database().user());
    environment.put("CINCH_DATABASE_PASSWORD", postgres.database().password());
    environment.put("CINCH_BITBUCKET_URL", "http://localhost:1");
    environment.put("CINCH_BITBUCKET_API_URL", "http://localhost:1");
    environment.put("CINCH_KEYSET", keyset.reveal());
    Instance instance =
        new Instance(
            ChildProcess.start(
                ChildProcess.classPath(),
                List.of("sh.cinch.ingress.Main"),
                environment,
                folder,
                folder.resolve("ingress.log").toFile(),
                OPTIONS),
            port,
            management);
    instances.add(instance);
    return instance;
  }

  /** SIGKILL to the one that has been there longest. */
  void kill() {
    Instance instance = instances.remove();
    instance.process().kill();
    awaitEnd(instance);
  }

  /** SIGTERM to the one that has been there longest; it ends well. */
  void stop() {
    Instance instance = instances.remove();
    instance.process().terminate();
    awaitEnd(instance);
    if (!List.of(0, 143).contains(instance.process().exitCode())) {
      throw new AssertionError("ended with " + instance.process().exitCode());
    }
  }

  private void awaitEnd(Instance instance) {
    await("end of an ingress")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !instance.process().isAlive());
    balancer.remove(instance.port());
  }

  List<Connected> connect(int count) {
    return Stream.generate(this::connect).limit(count).toList();
  }

  Connected connect() {
    UUID id = UUID.randomUUID();
    UUID hookUuid = UUID.randomUUID();
    String uuid = "{" + UUID.randomUUID() + "}";
    database
        .sql()
        .insertInto(REPOSITORY)
        .set(REPOSITORY.ID, id)
        .set(REPOSITORY.FORGE, "bitbucket-cloud")
        .set(REPOSITORY.FORGE_UUID, uuid)
        .set(REPOSITORY.FULL_NAME, FULL_NAME)
        .set(REPOSITORY.STATE, "connected")
        .set(REPOSITORY.SINCE, InstantSource.system().instant())
        .set(REPOSITORY.CREATED_AT, InstantSource.system().instant())
        .execute();
    NewHook hook = hooks.create(id, true, false).orElseThrow();
    if (!hooks.bind(hook.id(), new HookUuid(hookUuid.toString()))) {
      throw new AssertionError("not bound");
    }
    return new Connected(
        id,
        uuid,
        hookUuid,
        hook.secret(),
        URI.create(
            "http://localhost:%d/webhooks/bitbucket/%s".formatted(balancer.port(), hook.id())));
  }

  @Override
  public void close() {
    instances.forEach(instance -> instance.process().close());
    running.close();
    postgres.close();
  }
}
