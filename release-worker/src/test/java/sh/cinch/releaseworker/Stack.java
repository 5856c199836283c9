package sh.cinch.releaseworker;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.cinch.embedded.Broker;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.releaseworker.send.LeastRate;
import sh.cinch.releaseworker.source.SourceRules;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.Listen;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.kafka.Topics;
import sh.cinch.service.retention.RetentionDays;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.ChildProcess;
import sh.cinch.testkit.FakeTokenService;
import sh.cinch.testkit.PublishedOutcomes;
import sh.cinch.testkit.PublishedStates;
import sh.cinch.testkit.ShiftedClock;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TestServers;
import sh.cinch.testkit.TopicWriter;

/**
 * A release-worker between a real broker, a real database and a Bitbucket over HTTP; started once
 * for all tests of this module, stopped with the JVM.
 */
final class Stack implements AutoCloseable {

  static final Stack SHARED = working();

  static final long LARGEST = 1L << 40;
  static final int UPLOADS = 8;

  static final String SECRET = "the release-worker's secret";

  private final Running running = new Running();
  final ShiftedClock clock = new ShiftedClock();
  final SimulatedBitbucket bitbucket;
  final FakeTokenService tokenService;
  final FakeArtifactServer artifacts;
  final TopicWriter topics;
  final PublishedOutcomes published;
  final PublishedStates<ReleaseEvent> states;
  final ServiceContext context;
  final ReleaseWorkerConfig config;

  /**
   * @param own a broker for this stack alone
   */
  private Stack(Optional<Broker> own) {
    own.ifPresent(running::with);
    bitbucket = running.with(SimulatedBitbucket.start());
    KafkaAccess kafka = own.map(Broker::access).orElseGet(TestServers.shared()::kafka);
    var postgres = TestServers.shared().freshDatabase();
    Vertx vertx = Vertx.vertx();
    running.with(() -> vertx.close().await());
    tokenService = new FakeTokenService(vertx, SECRET, bitbucket);
    artifacts = new FakeArtifactServer(vertx);
    config =
        new ReleaseWorkerConfig(
            Listen.onLoopback(),
            new KafkaSettings(kafka.bootstrapServers(), Optional.of(kafka.properties())),
            new DatabaseSettings(postgres.url(), postgres.user(), Secret.of(postgres.password())),
            tokenService.url(),
            Secret.of(SECRET),
            artifacts.url(),
            Site.bitbucketCloud(bitbucket.url(), bitbucket.url()),
            HourlyLimit.usual(),
            new SourceRules(List.of(), List.of()),
            LARGEST,
            UPLOADS,
            Duration.ofMinutes(10),
            new LeastRate(0, Duration.ofMinutes(1)),
            RetentionDays.RELEASES.usual());
    context = running.with(context());
    Topics.ensure(
        context.kafka(),
        List.of(
            Topic.RELEASE_REQUEST,
            Topic.CONNECTION,
            Topic.OUTCOME,
            Topic.RELEASE,
            Topic.DEAD_LETTER));
    topics = running.with(new TopicWriter(kafka));
    published = running.with(new PublishedOutcomes(kafka));
    states = running.with(new PublishedStates<>(kafka, Topic.RELEASE, ReleaseEvent::version));
  }

  private static Stack working() {
    Stack stack = new Stack(Optional.empty());
    stack.running.with(ReleaseWorkerService.start(stack.config, stack.context));
    return stack;
  }

  /** One of a test's own, without a release-worker: the test starts those, as processes. */
  static Stack idle() {
    return new Stack(Optional.of(Broker.temporary()));
  }

  /**
   * A worker in a process of its own.
   *
   * @param folder its working folder
   * @param log what it says is put after what is there
   * @param options of its Java
   */
  ChildProcess process(Path folder, Path log, String... options) {
    return ChildProcess.start(
        Main.class,
        Map.ofEntries(
            Map.entry("CINCH_MANAGEMENT_HOST", "127.0.0.1"),
            Map.entry("CINCH_MANAGEMENT_PORT", "0"),
            Map.entry("CINCH_KAFKA", config.kafka().bootstrapServers()),
            Map.entry(
                "CINCH_KAFKA_PROPERTIES", config.kafka().properties().orElseThrow().toString()),
            Map.entry("CINCH_DATABASE_URL", config.database().url()),
            Map.entry("CINCH_DATABASE_USER", config.database().user()),
            Map.entry("CINCH_DATABASE_PASSWORD", config.database().password().reveal()),
            Map.entry("CINCH_TOKEN_SERVICE_URL", tokenService.url().toString()),
            Map.entry("CINCH_SERVICE_SECRET", SECRET),
            Map.entry("CINCH_INGRESS_URL", artifacts.url().toString()),
            Map.entry("CINCH_BITBUCKET_API_URL", bitbucket.url().toString()),
            Map.entry("CINCH_RELEASE_UPLOADS", String.valueOf(UPLOADS))),
        folder,
        log.toFile(),
        options);
  }

  /** How many files the worker has on their way. */
  int underWay() {
    return (int) context.metrics().get("cinch.release.transfers").gauge().value();
  }

  /**
   * What a test broke or moved is as it was, and nothing of its files is under way: it would hold
   * up those of the tests after it.
   */
  void mend() {
    bitbucket.mend();
    bitbucket.settings(
        Map.of("tornUploads", "discarded", "largestUpload", 0, "repositoryBytes", 0));
    Project.patiently().until(() -> underWay() == 0);
    clock.reset();
  }

  /** What another instance stands on. */
  ServiceContext context() {
    return new ServiceContext(
        Vertx.vertx(),
        Database.open(config.database()),
        new Kafka(config.kafka()),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        clock);
  }

  @Override
  public void close() {
    running.close();
  }
}
