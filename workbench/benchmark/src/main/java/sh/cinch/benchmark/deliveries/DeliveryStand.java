package sh.cinch.benchmark.deliveries;

import static sh.cinch.database.ingress.Tables.REPOSITORY;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import sh.cinch.benchmark.figures.Plan;
import sh.cinch.benchmark.stand.Stand;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.ingress.IngressConfig;
import sh.cinch.ingress.IngressService;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.NewHook;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.Environment;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.statusworker.StatusWorkerConfig;
import sh.cinch.statusworker.StatusWorkerService;

/** All that takes part in a push in one JVM, this one, as {@code ./cinch up} has it. */
final class DeliveryStand implements AutoCloseable {

  private final Running parts = new Running();
  private final Stand stand;
  private final ServiceContext context;
  private final Secret keyset = Vault.newKeyset();
  private final RunningService ingress;

  /**
   * @param quiet repositories to which nobody pushes
   */
  DeliveryStand(Plan plan, int quiet) {
    this.stand = parts.with(Stand.start(plan));
    Vertx vertx = Vertx.vertx();
    parts.with(() -> vertx.close().await());
    this.context = parts.with(stand.context(vertx));
    makeBareTopic();
    Map<String, String> settings = new HashMap<>(settings());
    settings.put("CINCH_PORT", "0");
    settings.put("CINCH_MANAGEMENT_PORT", "0");
    settings.put("CINCH_ARTIFACT_FOLDER", stand.file("artifacts").toString());
    this.ingress =
        parts.with(IngressService.start(Environment.read(settings, IngressConfig::from), context));
    settings.put("CINCH_SERVICE_SECRET", Stand.WORKER_SECRET);
    parts.with(
        StatusWorkerService.start(Environment.read(settings, StatusWorkerConfig::from), context));
    if (quiet > 0) {
      plan.tell("connecting %,d repositories …".formatted(quiet));
      new QuietRepositories(context.database(), Vault.open(keyset), context.clock().instant())
          .connect(quiet);
    }
  }

  /** As the topic of pushes is. */
  private void makeBareTopic() {
    try (Admin admin = context.kafka().admin()) {
      admin
          .createTopics(
              List.of(new NewTopic(BareReceiver.TOPIC, Topic.PUSH.partitions(), (short) 1)))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka makes no topic", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What every service of this stand is told. */
  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("CINCH_KAFKA", stand.kafka().bootstrapServers());
    stand
        .kafka()
        .properties()
        .ifPresent(file -> settings.put("CINCH_KAFKA_PROPERTIES", file.toString()));
    settings.put("CINCH_DATABASE_URL", stand.database().url());
    settings.put("CINCH_DATABASE_USER", stand.database().user());
    settings.put("CINCH_DATABASE_PASSWORD", stand.database().password());
    settings.put("CINCH_HOST", "127.0.0.1");
    settings.put("CINCH_MANAGEMENT_HOST", "127.0.0.1");
    settings.put("CINCH_BASE_URL", "http://localhost:8080");
    settings.put("CINCH_BITBUCKET_URL", stand.bitbucket().toString());
    settings.put("CINCH_BITBUCKET_API_URL", stand.bitbucket().toString());
    settings.put("CINCH_BITBUCKET_CLIENT_ID", "benchmark");
    settings.put("CINCH_TOKEN_SERVICE_URL", "http://localhost:" + stand.port());
    settings.put("CINCH_SERVICE_SECRET", Stand.INGRESS_SECRET);
    settings.put("CINCH_KEYSET", keyset.reveal());
    return settings;
  }

  /** Repositories that are connected, with a hook each. */
  List<SignedHook> hooks(int many) {
    Hooks hooks = new Hooks(context.database(), Vault.open(keyset), context.clock());
    List<SignedHook> all = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      all.add(hook(hooks, UUID.randomUUID(), "acme/app-" + i));
    }
    return all;
  }

  private SignedHook hook(Hooks hooks, UUID repository, String fullName) {
    String uuid = "{" + UUID.randomUUID() + "}";
    context
        .database()
        .sql()
        .insertInto(REPOSITORY)
        .set(REPOSITORY.ID, repository)
        .set(REPOSITORY.FORGE, Repository.BITBUCKET_CLOUD)
        .set(REPOSITORY.FORGE_UUID, uuid)
        .set(REPOSITORY.FULL_NAME, fullName)
        .set(REPOSITORY.STATE, "connected")
        .set(REPOSITORY.SINCE, context.clock().instant())
        .set(REPOSITORY.CREATED_AT, context.clock().instant())
        .execute();
    NewHook made = hooks.create(repository, false, false).orElseThrow();
    UUID hookUuid = UUID.randomUUID();
    if (!hooks.bind(made.id(), new HookUuid(hookUuid.toString()))) {
      throw new IllegalStateException("a new hook is bound already");
    }
    return new SignedHook(made.id(), hookUuid, made.secret().reveal(), PushBody.of(uuid, fullName));
  }

  Stand stand() {
    return stand;
  }

  int port() {
    return ingress.port();
  }

  @Override
  public void close() {
    parts.close();
  }
}
