package sh.cinch.embedded;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Both servers embedded, started side by side. */
record EmbeddedServers(Broker broker, Postgres postgres) implements Servers {

  static EmbeddedServers start(ServersConfig config) {
    Future<Broker> broker;
    Future<Postgres> postgres;
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      broker = threads.submit(() -> startBroker(config));
      postgres = threads.submit(() -> startPostgres(config));
    }
    if (broker.state() == Future.State.FAILED) {
      if (postgres.state() == Future.State.SUCCESS) {
        postgres.resultNow().close();
      }
      throw failure(broker);
    }
    if (postgres.state() == Future.State.FAILED) {
      broker.resultNow().close();
      throw failure(postgres);
    }
    return new EmbeddedServers(broker.resultNow(), postgres.resultNow());
  }

  private static IllegalStateException failure(Future<?> server) {
    Throwable cause = server.exceptionNow();
    return new IllegalStateException(cause.getMessage(), cause);
  }

  private static Broker startBroker(ServersConfig config) {
    var progress = new Progress("Kafka", config.progress());
    Broker broker = Broker.start(home(config, "kafka"), config.kafkaPort(), config.exitGrace());
    progress.up(broker.port(), config.kafkaPort());
    return broker;
  }

  private static Postgres startPostgres(ServersConfig config) {
    var progress = new Progress("PostgreSQL", config.progress());
    Postgres postgres =
        Postgres.start(home(config, "postgres"), config.postgresPort(), config.exitGrace());
    progress.up(postgres.port(), config.postgresPort());
    return postgres;
  }

  private static Home home(ServersConfig config, String server) {
    Path directory = config.directory().resolve(server);
    return config.fresh() ? Home.fresh(directory) : Home.kept(directory);
  }

  @Override
  public KafkaAccess kafka() {
    return broker.access();
  }

  @Override
  public Database database() {
    return postgres.database();
  }

  @Override
  public void close() {
    try {
      broker.close();
    } finally {
      postgres.close();
    }
  }
}
