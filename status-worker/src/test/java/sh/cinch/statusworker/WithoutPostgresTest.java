package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import sh.cinch.embedded.Postgres;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.health.Check;

/** PostgreSQL goes away under a running worker, and comes back. */
class WithoutPostgresTest {

  private static final Duration SEVERAL_TURNS_OF_EVERY_LOOP = Duration.ofSeconds(7);

  private final Stack stack = Stack.SHARED;

  @Test
  void theLogSaysOnceThatItIsAwayAndOnceThatItIsBack(@TempDir Path folder) throws Exception {
    Postgres postgres = Postgres.kept(folder, 0);
    ServiceContext context = onto(postgres);
    try (LogReader logged = new LogReader();
        RunningService worker = stack.anotherWorker(context)) {
      assertThat(context.database().check()).isInstanceOf(Check.Well.class);
      stack.awaitShared();
      Project project = Project.connected();
      postgres.close();
      String event = project.report(project.state("success", 1));
      await().until(() -> !logged.lines().isEmpty());
      await()
          .during(SEVERAL_TURNS_OF_EVERY_LOOP)
          .atMost(SEVERAL_TURNS_OF_EVERY_LOOP.plusSeconds(5))
          .until(() -> logged.lines().size() == 1);
      postgres = Postgres.kept(folder, 0);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> context.database().check() instanceof Check.Well);
      project.await(event, DELIVERED);

      assertThat(logged.lines())
          .satisfiesExactly(
              away -> assertThat(away).startsWith("PostgreSQL is away, waiting for it: "),
              back -> assertThat(back).startsWith("PostgreSQL is back after "));
    } finally {
      context.close();
      postgres.close();
    }
  }

  private ServiceContext onto(Postgres postgres) {
    return new ServiceContext(
        Vertx.vertx(),
        Database.open(Stack.settings(postgres.database())),
        stack.context.kafka(),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        stack.clock);
  }

  /** What operators read: warnings, whatever has a stack trace, and what {@link Database} says. */
  private static final class LogReader extends AppenderBase<ILoggingEvent>
      implements AutoCloseable {

    private static final Logger ROOT =
        (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    /**
     * The pool's own words are quiet in logback.xml; what a slow machine is told is not of this.
     */
    private static final List<String> OTHERS =
        List.of("com.zaxxer.hikari.pool.", "org.apache.kafka.", "kafka.", "io.vertx.core.");

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    LogReader() {
      setContext((LoggerContext) LoggerFactory.getILoggerFactory());
      start();
      ROOT.addAppender(this);
    }

    List<String> lines() {
      return List.copyOf(lines);
    }

    @Override
    protected void append(ILoggingEvent event) {
      if (OTHERS.stream().noneMatch(event.getLoggerName()::startsWith)
          && (event.getLevel().isGreaterOrEqual(Level.WARN)
              || event.getThrowableProxy() != null
              || event.getLoggerName().equals(Database.class.getName()))) {
        lines.add(event.getFormattedMessage());
      }
    }

    @Override
    public void close() {
      ROOT.detachAppender(this);
    }
  }
}
