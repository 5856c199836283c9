package sh.cinch.tokenservice;

import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.Listen;
import sh.cinch.service.keyset.KeysetCare;
import sh.cinch.tokenservice.credential.Ciphertext;

/** Starts an instance of the token-service; there may be several beside each other. */
public final class TokenService {

  public static final String NAME = "token-service";

  private static final Duration TO_FINISH = Duration.ofSeconds(15);

  private TokenService() {}

  /**
   * Returns once it listens. What is closed takes no more requests, finishes the refreshes that are
   * under way, and writes the audit.
   *
   * @param context stays the caller's to close
   */
  public static RunningService start(TokenServiceConfig config, ServiceContext context) {
    // Before anything else: with the wrong keyset nothing may change, anywhere.
    KeysetCare keyset = KeysetCare.of(context, List.of(Ciphertext.TABLE), config.vault());
    return RunningService.start(
        NAME,
        context,
        config.management(),
        List.of(Topic.CREDENTIAL),
        service -> {
          var router = Wiring.start(config, context, keyset, service);
          keyset.start(service);
          Listen at = config.listen();
          service.listen(
              new HttpServerOptions().setHost(at.host()).setPort(at.port()), router, TO_FINISH);
        });
  }
}
