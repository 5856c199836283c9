package sh.cinch.statusworker;

import java.util.List;
import java.util.Map;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.ServiceProcess;

/** The status-worker as a process of its own, configured by its environment. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(
        arguments.length == 0
            ? ServiceProcess.run(StatusWorkerService.NAME, () -> start(System.getenv()))
            : HandBackCommand.run(List.of(arguments), System.getenv(), System.out, System.err));
  }

  static AutoCloseable start(Map<String, String> environment) {
    return ServiceProcess.start(
        environment, StatusWorkerConfig::from, Main::open, StatusWorkerService::start);
  }

  private static ServiceContext open(StatusWorkerConfig config) {
    return ServiceContext.open(config.database(), config.kafka());
  }
}
