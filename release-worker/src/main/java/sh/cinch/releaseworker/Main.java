package sh.cinch.releaseworker;

import sh.cinch.service.Parts;
import sh.cinch.service.Running;
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
    Parts parts = running.with(Parts.open(config.database(), config.kafka()));
    running.with(ReleaseWorkerService.start(config, parts));
    return running;
  }
}
