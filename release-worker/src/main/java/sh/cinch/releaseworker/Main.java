package sh.cinch.releaseworker;

import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.ServiceProcess;
import sh.cinch.service.config.Environment;

/** The release-worker as a process of its own, configured by its environment. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(ServiceProcess.run(ReleaseWorkerService.NAME, Main::start));
  }

  private static Running start() {
    ReleaseWorkerConfig config = Environment.read(System.getenv(), ReleaseWorkerConfig::from);
    Running running = new Running();
    ServiceContext context = running.with(ServiceContext.open(config.database(), config.kafka()));
    running.with(ReleaseWorkerService.start(config, context));
    return running;
  }
}
