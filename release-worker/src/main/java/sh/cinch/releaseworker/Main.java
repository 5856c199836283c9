package sh.cinch.releaseworker;

import java.util.Map;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.ServiceProcess;

/** The release-worker as a process of its own, configured by its environment. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(ServiceProcess.run(ReleaseWorkerService.NAME, () -> start(System.getenv())));
  }

  static AutoCloseable start(Map<String, String> environment) {
    return ServiceProcess.start(
        environment, ReleaseWorkerConfig::from, Main::open, ReleaseWorkerService::start);
  }

  private static ServiceContext open(ReleaseWorkerConfig config) {
    return ServiceContext.open(config.database(), config.kafka());
  }
}
