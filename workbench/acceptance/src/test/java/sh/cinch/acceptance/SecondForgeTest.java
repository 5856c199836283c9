package sh.cinch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.forge.Forge;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.releaseworker.ReleaseWorkerConfig;
import sh.cinch.releaseworker.ReleaseWorkerService;
import sh.cinch.releaseworker.send.LeastRate;
import sh.cinch.releaseworker.source.SourceRules;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.Listen;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.retention.RetentionDays;
import sh.cinch.service.secret.Secret;
import sh.cinch.statusworker.StatusWorkerConfig;
import sh.cinch.statusworker.StatusWorkerService;
import sh.cinch.testkit.FakeTokenService;
import sh.cinch.testkit.PublishedOutcomes;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TestServers;
import sh.cinch.testkit.TopicWriter;

/** Both workers serve a forge they have never heard of, beside Bitbucket. */
@Execution(ExecutionMode.CONCURRENT)
class SecondForgeTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SECRET = "the workers' secret";
  private static final String TOKEN = "the one token";
  private static final String COMMIT = "c".repeat(40);
  private static final String PROJECT = "4711";

  private final Running running = new Running();
  private final UUID credential = UUID.randomUUID();
  private final Repository repository =
      new Repository(
          UUID.randomUUID(),
          PlainForge.NAME,
          "team/tool",
          PROJECT,
          "https://plain.example/team/tool.git");
  private PlainForge forge;
  private FakeTokenService tokenService;
  private TopicWriter topics;
  private PublishedOutcomes published;

  @BeforeEach
  void start() {
    Vertx vertx = Vertx.vertx();
    running.with(() -> vertx.close().await());
    forge = running.with(new PlainForge(vertx, TOKEN));
    SimulatedBitbucket bitbucket = running.with(SimulatedBitbucket.start());
    tokenService = running.with(new FakeTokenService(vertx, SECRET, bitbucket));
    KafkaAccess broker = TestServers.shared().kafka();
    KafkaSettings kafka =
        new KafkaSettings(broker.bootstrapServers(), Optional.of(broker.properties()));
    var postgres = TestServers.shared().freshDatabase();
    DatabaseSettings database =
        new DatabaseSettings(postgres.url(), postgres.user(), Secret.of(postgres.password()));
    Site site = Site.bitbucketCloud(bitbucket.url(), bitbucket.url());
    ServiceContext context =
        running.with(
            new ServiceContext(
                Vertx.vertx(),
                Database.open(database),
                new Kafka(kafka),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                InstantSource.system()));
    running.with(
        StatusWorkerService.start(
            new StatusWorkerConfig(
                Listen.onLoopback(),
                kafka,
                database,
                tokenService.url(),
                Secret.of(SECRET),
                site,
                HourlyLimit.usual(),
                RetentionDays.STATUSES.usual(),
                RetentionDays.PUSHES.usual(),
                StatusWorkerConfig.ORPHANED_AFTER,
                StatusWorkerConfig.POSTS_AT_ONCE),
            context,
            served(context)));
    running.with(
        ReleaseWorkerService.start(
            new ReleaseWorkerConfig(
                Listen.onLoopback(),
                kafka,
                database,
                tokenService.url(),
                Secret.of(SECRET),
                bitbucket.url(),
                site,
                HourlyLimit.usual(),
                new SourceRules(List.of(), List.of()),
                1 << 20,
                2,
                Duration.ofMinutes(1),
                new LeastRate(0, Duration.ofMinutes(1)),
                RetentionDays.RELEASES.usual()),
            context,
            served(context)));
    topics = running.with(new TopicWriter(broker));
    published = running.with(new PublishedOutcomes(broker));
    topics.write(
        Topic.CONNECTION,
        repository.id().toString(),
        new ConnectionEvent(
            repository,
            null,
            List.of(),
            ConnectionEvent.State.CONNECTED,
            credential,
            null,
            Instant.now()));
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void aStatusIsDeliveredThereOnceItsTokenIsTaken() {
    FakeTokenService.Credential lent = tokenService.credential(credential, "an old token");
    lent.add(TOKEN);

    report(BuildState.State.RUNNING, 1);
    report(BuildState.State.SUCCESS, 2);

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(forge.check(PROJECT + "/" + COMMIT + "/unit"))
                    .hasValueSatisfying(
                        check -> assertThat(check.getString("verdict")).isEqualTo("SUCCESS")));
    assertThat(outcome(one -> one.result() == Outcome.Result.DELIVERED).repository())
        .isEqualTo(repository);
    assertThat(lent.rejections()).isOne();
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void aReleaseEndsWithWordsWhereNoFilesAreKept() {
    tokenService.credential(credential, TOKEN);
    forge.tag("release/1.0", COMMIT);
    forge.tag("a-first-page", "d".repeat(40));

    topics.write(
        Topic.RELEASE_REQUEST,
        repository.id().toString(),
        new ReleaseRequest(
            RepositoryRef.byId(repository.id()),
            "release/1.0",
            COMMIT,
            null,
            List.of(
                new ReleaseRequest.File(
                    "tool", "artifact:" + UUID.randomUUID(), 1L, "e".repeat(64), null))));

    Outcome outcome = outcome(one -> one.kind() == Outcome.Kind.RELEASE);
    assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
    assertThat(outcome.reason()).contains("keeps no files");
  }

  private List<Forge> served(ServiceContext context) {
    return List.of(
        forge.served(
            new Leases(context.vertx(), tokenService.url(), Secret.of(SECRET), context.clock())));
  }

  private void report(BuildState.State state, long sequence) {
    topics.write(
        Topic.BUILD_STATE,
        repository.id() + ":" + COMMIT,
        new BuildState(
            RepositoryRef.byId(repository.id()),
            COMMIT,
            "refs/heads/main",
            "unit",
            "Unit tests",
            "1",
            state,
            null,
            null,
            sequence,
            Instant.now(),
            null,
            null));
  }

  private Outcome outcome(Predicate<Outcome> wanted) {
    return await()
        .atMost(SOON)
        .until(
            () -> published.ofCommit(COMMIT).stream().filter(wanted).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }
}
