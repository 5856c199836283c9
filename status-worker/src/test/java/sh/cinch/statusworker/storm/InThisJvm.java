package sh.cinch.statusworker.storm;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.statusworker.StatusWorkerConfig;
import sh.cinch.statusworker.StatusWorkerService;

/** One in this JVM, by a test's clock. */
record InThisJvm(ServiceContext context, RunningService service) implements Instance {

  static InThisJvm start(StatusWorkerConfig config, InstantSource clock) {
    ServiceContext context =
        new ServiceContext(
            Vertx.vertx(),
            Database.open(config.database()),
            new Kafka(config.kafka()),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            clock);
    return new InThisJvm(context, StatusWorkerService.start(config, context));
  }

  /** It is from the start. */
  @Override
  public void awaitReady() {}

  @Override
  public void stop() {
    service.close();
    context.close();
  }

  /** Without its database it can write down nothing more: to the others it is dead. */
  @Override
  public void kill() {
    context.database().close();
    service.close();
    context.vertx().close().await();
  }

  @Override
  public void close() {
    stop();
  }
}
