package sh.cinch.ingress;

import java.util.Map;
import sh.cinch.ingress.webhooks.Webhooks;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.ServiceProcess;
import sh.cinch.service.keyset.KeysetCheck;

/** The ingress as a process of its own, configured by its environment. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(ServiceProcess.run(IngressService.NAME, () -> start(System.getenv())));
  }

  static AutoCloseable start(Map<String, String> environment) {
    return ServiceProcess.start(
        environment, IngressConfig::from, Main::open, IngressService::start);
  }

  private static ServiceContext open(IngressConfig config) {
    return ServiceContext.open(
        config.database(),
        config.kafka(),
        KeysetCheck.beforeMigrations(Webhooks.ENCRYPTED, config.vault()));
  }
}
