package sh.cinch.service;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Optional;
import org.jooq.impl.DSL;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.TestServers;

/**
 * A real broker and a real database for all tests of this module, started once, stopped with the
 * JVM.
 */
public final class Backends {

  private static final ServiceContext CONTEXT = open();

  private Backends() {}

  public static ServiceContext context() {
    return CONTEXT;
  }

  public static DatabaseSettings databaseSettings() {
    var database = TestServers.shared().database();
    return new DatabaseSettings(database.url(), database.user(), Secret.of(database.password()));
  }

  private static KafkaSettings kafkaSettings() {
    var kafka = TestServers.shared().kafka();
    return new KafkaSettings(kafka.bootstrapServers(), Optional.of(kafka.properties()));
  }

  /** Sessions that wait, in the middle of a transaction, for something else than PostgreSQL. */
  public static int openTransactions() {
    return CONTEXT
        .database()
        .sql()
        .fetchCount(
            DSL.table("pg_stat_activity"),
            DSL.condition("datname = current_database() and state like 'idle in transaction%'"));
  }

  private static ServiceContext open() {
    return new ServiceContext(
        Vertx.vertx(),
        Database.open(databaseSettings()),
        new Kafka(kafkaSettings()),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        InstantSource.system());
  }
}
