package sh.cinch.statusworker;

import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.ServiceProcess;
import sh.cinch.service.config.Environment;

/** The status-worker as a process of its own, configured by its environment. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(ServiceProcess.run(StatusWorkerService.NAME, Main::start));
  }

  private static Running start() {
    StatusWorkerConfig config = Environment.read(System.getenv(), StatusWorkerConfig::from);
    Running running = new Running();
    ServiceContext context = running.with(ServiceContext.open(config.database(), config.kafka()));
    running.with(StatusWorkerService.start(config, context));
    return running;
  }
}
