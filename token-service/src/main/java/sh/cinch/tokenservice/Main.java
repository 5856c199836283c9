package sh.cinch.tokenservice;

import java.util.Map;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.ServiceProcess;
import sh.cinch.service.config.Environment;
import sh.cinch.service.keyset.KeysetCheck;
import sh.cinch.tokenservice.credential.Ciphertext;

/** The process {@code token-service}, configured by the environment. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(ServiceProcess.run(TokenService.NAME, () -> start(System.getenv())));
  }

  static AutoCloseable start(Map<String, String> environment) {
    TokenServiceConfig config = Environment.read(environment, TokenServiceConfig::from);
    Running running = new Running();
    try {
      ServiceContext context =
          running.with(
              ServiceContext.open(
                  config.database(),
                  config.kafka(),
                  KeysetCheck.beforeMigrations(Ciphertext.TABLE, config.vault())));
      running.with(TokenService.start(config, context));
      return running;
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }
}
