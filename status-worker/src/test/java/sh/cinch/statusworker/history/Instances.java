package sh.cinch.statusworker.history;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.statusworker.StatusWorkerConfig;
import sh.cinch.statusworker.StatusWorkerService;
import sh.cinch.testkit.ShiftedClock;

/** The instances that are at work; they come and go, in good order or not. */
final class Instances implements AutoCloseable {

  private static final int MOST = 3;

  private final StatusWorkerConfig config;
  private final ShiftedClock clock;
  private final List<Instance> running = new ArrayList<>();
  private CompletableFuture<Void> changing = CompletableFuture.completedFuture(null);
  private int rebalances;
  private int kills;

  private record Instance(ServiceContext context, RunningService service) {

    void stop() {
      service.close();
      context.close();
    }

    /** Without its database it can write down nothing more: to the others it is dead. */
    void kill() {
      context.database().close();
      service.close();
      context.vertx().close().await();
    }
  }

  Instances(StatusWorkerConfig config, ShiftedClock clock) {
    this.config = config;
    this.clock = clock;
  }

  int rebalances() {
    return rebalances;
  }

  int kills() {
    return kills;
  }

  void start() {
    ServiceContext context =
        new ServiceContext(
            Vertx.vertx(),
            Database.open(config.database()),
            new Kafka(config.kafka()),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            clock);
    running.add(new Instance(context, StatusWorkerService.start(config, context)));
    rebalances++;
  }

  /** One comes, goes or dies, while everything else goes on; one at a time. */
  void change(Random random) {
    if (!changing.isDone()) {
      return;
    }
    if (running.size() < MOST && (running.size() < 2 || random.nextBoolean())) {
      changing = CompletableFuture.runAsync(this::start, Thread::startVirtualThread);
      return;
    }
    Instance leaving = running.remove(random.nextInt(running.size()));
    rebalances++;
    boolean isKilled = random.nextBoolean();
    if (isKilled) {
      kills++;
    }
    changing =
        CompletableFuture.runAsync(
            isKilled ? leaving::kill : leaving::stop, Thread::startVirtualThread);
  }

  /** Waits for whoever is coming or going. */
  void settle() {
    changing.join();
  }

  @Override
  public void close() {
    settle();
    running.forEach(Instance::stop);
  }
}
