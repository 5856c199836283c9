package sh.cinch.service;

import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import sh.cinch.schema.text.Visible;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.config.Environment;
import sh.cinch.service.exit.LastResort;
import sh.cinch.service.exit.Stopping;

/**
 * A process of one service: starts, waits for SIGTERM or Ctrl-C, closes. It ends by itself where it
 * cannot go on.
 */
public final class ServiceProcess {

  private static final Logger log = LoggerFactory.getLogger(ServiceProcess.class);

  /** What is in flight may take 15 seconds, and there may be more than one that takes all of it. */
  private static final Duration TO_STOP = Duration.ofSeconds(45);

  private ServiceProcess() {}

  /**
   * @return the exit code, once the service is closed; 2 where the settings are wrong
   */
  public static int run(String name, Supplier<? extends AutoCloseable> start) {
    return run(name, start, TO_STOP);
  }

  static int run(String name, Supplier<? extends AutoCloseable> start, Duration toStop) {
    logInOneFormat();
    LastResort.guard(log);
    try (Running running = new Running()) {
      AutoCloseable service = start.get();
      Stopping stopping = running.with(new Stopping(toStop));
      running.with(service);
      log.info("service={} started", name);
      stopping.await();
      log.info("service={} stopping", name);
      return 0;
    } catch (ConfigurationException e) {
      System.err.println(name + " cannot start. " + Visible.lines(String.valueOf(e.getMessage())));
      return 2;
    } catch (Exception e) {
      log.error("service={} failed", name, e);
      return 1;
    }
  }

  /**
   * @param config reads the settings
   * @param context opens what the service stands on
   * @param service starts it
   * @throws ConfigurationException where the settings are wrong
   */
  public static <C> AutoCloseable start(
      Map<String, String> environment,
      Function<Environment, C> config,
      Function<C, ServiceContext> context,
      BiFunction<C, ServiceContext, RunningService> service) {
    C read = Environment.read(environment, config);
    Running running = new Running();
    boolean started = false;
    try {
      running.with(service.apply(read, running.with(context.apply(read))));
      started = true;
      return running;
    } finally {
      if (!started) {
        running.close();
      }
    }
  }

  /** What libraries tell the JDK's own logging (PostgreSQL's driver, Tink) is written like ours. */
  public static void logInOneFormat() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }
}
