package sh.cinch.service;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.exit.LastResort;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.KafkaSettings;

/**
 * What a service is given to stand on. A process of one service opens its own; services that share
 * a JVM share them.
 *
 * @param http what all HTTP servers on it may take together
 */
public record ServiceContext(
    Vertx vertx,
    Database database,
    Kafka kafka,
    PrometheusMeterRegistry metrics,
    InstantSource clock,
    HttpBounds http)
    implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ServiceContext.class);

  /** With the bounds on HTTP that this process has room for. */
  public ServiceContext(
      Vertx vertx,
      Database database,
      Kafka kafka,
      PrometheusMeterRegistry metrics,
      InstantSource clock) {
    this(vertx, database, kafka, metrics, clock, HttpBounds.ofThisProcess());
  }

  public static ServiceContext open(DatabaseSettings database, KafkaSettings kafka) {
    return open(database, kafka, beforeMigrations -> {});
  }

  /**
   * @param beforeMigrations as {@link Database#open} takes it
   */
  public static ServiceContext open(
      DatabaseSettings database, KafkaSettings kafka, Consumer<Database> beforeMigrations) {
    Database opened = Database.open(database, beforeMigrations);
    ServiceContext context =
        new ServiceContext(
            eventLoops(),
            opened,
            new Kafka(kafka),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            InstantSource.system());
    context.http().report(context.metrics());
    return context;
  }

  static Vertx eventLoops() {
    return Vertx.vertx()
        .exceptionHandler(
            failure -> {
              LastResort.endIfOutOfMemory(failure);
              log.error("unhandled on an event loop", failure);
            });
  }

  @Override
  public void close() {
    vertx.close().await();
    database.close();
    metrics.close();
  }
}
