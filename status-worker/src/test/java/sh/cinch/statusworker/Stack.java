package sh.cinch.statusworker;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.Listen;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.retention.RetentionDays;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.ConnectedRepository;
import sh.cinch.testkit.FakeTokenService;
import sh.cinch.testkit.PublishedOutcomes;
import sh.cinch.testkit.Scale;
import sh.cinch.testkit.ShiftedClock;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TestServers;
import sh.cinch.testkit.TopicWriter;

/**
 * A status-worker between a real broker, a real database and a Bitbucket over HTTP; started once
 * for all tests of this module, stopped with the JVM.
 */
public final class Stack {

  /** Of each repository's token; a test that is about a limit has Bitbucket tell a lower one. */
  private static final HourlyLimit LIMIT =
      new HourlyLimit(Scale.of(10_000, 300), Duration.ofMinutes(1));

  /** So few that what exceeds them is soon made. */
  static final int POSTS_AT_ONCE = 32;

  public static final Stack SHARED = new Stack();

  private static final String SECRET = "the status-worker's secret";

  final ShiftedClock clock = new ShiftedClock();
  final SimulatedBitbucket bitbucket = SimulatedBitbucket.start(SimulatedBitbucket.CALLBACK, clock);
  final FakeTokenService tokenService = new FakeTokenService(Vertx.vertx(), SECRET, bitbucket);
  final TopicWriter topics = new TopicWriter(TestServers.shared().kafka());
  final PublishedOutcomes published = new PublishedOutcomes(TestServers.shared().kafka());
  final PublishedStatuses states = new PublishedStatuses(TestServers.shared().kafka());
  final ServiceContext context;
  final RunningService worker;
  private final StatusWorkerConfig config;

  private Stack() {
    config =
        new StatusWorkerConfig(
            Listen.onLoopback(),
            new KafkaSettings(
                TestServers.shared().kafka().bootstrapServers(),
                Optional.of(TestServers.shared().kafka().properties())),
            settings(TestServers.shared().database()),
            tokenService.url(),
            Secret.of(SECRET),
            Site.bitbucketCloud(bitbucket.url(), bitbucket.url()),
            LIMIT,
            RetentionDays.STATUSES.usual(),
            RetentionDays.PUSHES.usual(),
            StatusWorkerConfig.ORPHANED_AFTER,
            POSTS_AT_ONCE);
    context = context();
    worker = StatusWorkerService.start(config, context);
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

  /** A database that no worker looks at. */
  public Database emptyDatabase() {
    return Database.open(settings(TestServers.shared().freshDatabase()));
  }

  /** One that the workers know, and nobody else uses. */
  public Repository connectedRepository() {
    return new ConnectedRepository(bitbucket, tokenService, topics, "repository").repository();
  }

  /** What each worker has of its own. */
  public ConnectionDirectory connections() {
    return ConnectionDirectory.start(context.kafka());
  }

  RunningService anotherWorker(ServiceContext others) {
    return StatusWorkerService.start(config, others);
  }

  /** Waits until both instances have partitions of their own. */
  void awaitShared() {
    try (Admin admin = context.kafka().admin()) {
      Project.patiently()
          .until(
              () ->
                  admin
                      .describeConsumerGroups(List.of(StatusWorkerService.NAME))
                      .all()
                      .get()
                      .values()
                      .iterator()
                      .next()
                      .members()
                      .stream()
                      .map(member -> member.assignment().topicPartitions().size())
                      .toList(),
              partitions -> partitions.equals(List.of(3, 3)));
    }
  }

  static DatabaseSettings settings(sh.cinch.embedded.Database database) {
    return new DatabaseSettings(database.url(), database.user(), Secret.of(database.password()));
  }
}
