package sh.cinch.ingress;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import sh.cinch.ingress.webhooks.Webhooks;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.keyset.KeysetCare;

/** Starts an ingress: its loops and its two ports. */
public final class IngressService {

  public static final String NAME = "ingress";

  private static final List<Topic<?>> TOPICS =
      List.of(
          Topic.PUSH,
          Topic.BUILD_STATE,
          Topic.RELEASE_REQUEST,
          Topic.COMMIT_STATUS,
          Topic.RELEASE,
          Topic.CONNECTION,
          Topic.CREDENTIAL,
          Topic.DEAD_LETTER);

  private static final Duration TO_FINISH = Duration.ofSeconds(10);

  private IngressService() {}

  /**
   * Returns once it answers.
   *
   * @param context stays the caller's to close
   */
  public static RunningService start(IngressConfig config, ServiceContext context) {
    // Before anything else: with the wrong keyset nothing may change, anywhere.
    KeysetCare keyset = KeysetCare.of(context, Webhooks.ENCRYPTED, config.vault());
    return RunningService.start(
        NAME,
        context,
        config.management(),
        TOPICS,
        // Who only receives has its outbox.
        !config.roles().equals(Set.of(Role.WEBHOOKS)),
        service -> {
          Router router = Router.router(context.vertx());
          Wiring.of(config.with(keyset.vault()), context, service).start(router);
          keyset.start(service);
          service.listen(
              new HttpServerOptions()
                  .setHost(config.listen().host())
                  .setPort(config.listen().port()),
              router,
              TO_FINISH);
        });
  }
}
