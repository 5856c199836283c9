package sh.cinch.statusworker.history;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
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
  private static final long LOOK_AGAIN_NS = 1_000_000;

  private final Function<URI, StatusWorkerConfig> config;
  private final Wire wire;
  private final ShiftedClock clock;
  private final List<Instance> running = new ArrayList<>();
  private CompletableFuture<Void> changing = CompletableFuture.completedFuture(null);
  private int rebalances;
  private int kills;

  private record Instance(ServiceContext context, RunningService service, Wire.Way way) {

    void stop() {
      service.close();
      // What did not end in time ends now, and is written down.
      way.close();
      awaitTheEnd();
      context.close();
    }

    private void awaitTheEnd() {
      while (attempts(context.metrics()) > 0) {
        LockSupport.parkNanos(LOOK_AGAIN_NS);
      }
    }

    /** Without its database it can write down nothing more: to the others it is dead. */
    void kill() {
      context.database().close();
      way.close();
      service.close();
      context.vertx().close().await();
    }
  }

  /**
   * @param config of an instance, by the URL that it has Bitbucket at
   */
  Instances(Function<URI, StatusWorkerConfig> config, Wire wire, ShiftedClock clock) {
    this.config = config;
    this.wire = wire;
    this.clock = clock;
  }

  int rebalances() {
    return rebalances;
  }

  int kills() {
    return kills;
  }

  void start() {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Wire.Way way = wire.way(() -> attempts(metrics));
    StatusWorkerConfig its = config.apply(way.url());
    ServiceContext context =
        new ServiceContext(
            Vertx.vertx(), Database.open(its.database()), new Kafka(its.kafka()), metrics, clock);
    running.add(new Instance(context, StatusWorkerService.start(its, context), way));
    rebalances++;
  }

  private static int attempts(MeterRegistry metrics) {
    Gauge inFlight = metrics.find("cinch.status.in.flight").gauge();
    return inFlight == null ? 0 : (int) inFlight.value();
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
    boolean isKilled = random.nextBoolean() && leaving.way().kill();
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
