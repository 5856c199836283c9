package sh.cinch.ingress;

import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.ServiceProcess;
import sh.cinch.service.config.Environment;
import sh.cinch.service.keyset.KeysetCheck;

/** The ingress as a process of its own, configured by its environment. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(ServiceProcess.run(IngressService.NAME, Main::start));
  }

  private static Running start() {
    IngressConfig config = Environment.read(System.getenv(), IngressConfig::from);
    Running running = new Running();
    ServiceContext context =
        running.with(
            ServiceContext.open(
                config.database(),
                config.kafka(),
                KeysetCheck.beforeMigrations(Hooks.ENCRYPTED, config.vault())));
    running.with(IngressService.start(config, context));
    return running;
  }
}
