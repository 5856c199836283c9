package sh.cinch.tokenservice;

import java.util.List;
import java.util.Map;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.ServiceProcess;
import sh.cinch.service.keyset.KeysetCheck;
import sh.cinch.tokenservice.credential.Ciphertext;

/** The process {@code token-service}, configured by the environment. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(ServiceProcess.run(TokenService.NAME, () -> start(System.getenv())));
  }

  static AutoCloseable start(Map<String, String> environment) {
    return ServiceProcess.start(
        environment, TokenServiceConfig::from, Main::open, TokenService::start);
  }

  private static ServiceContext open(TokenServiceConfig config) {
    return ServiceContext.open(
        config.database(),
        config.kafka(),
        KeysetCheck.beforeMigrations(List.of(Ciphertext.TABLE), config.vault()));
  }
}
