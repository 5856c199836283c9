package sh.cinch.ingress.webhooks;

import io.vertx.ext.web.Router;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;
import sh.cinch.forge.Site;
import sh.cinch.ingress.heads.ExpectedPushes;
import sh.cinch.ingress.webhooks.delivery.Deliveries;
import sh.cinch.ingress.webhooks.delivery.DeliveryLog;
import sh.cinch.ingress.webhooks.delivery.FirstDelivery;
import sh.cinch.ingress.webhooks.delivery.NameHints;
import sh.cinch.ingress.webhooks.hook.HookDirectory;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.publish.PushPublisher;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.retention.Retention.Kind;
import sh.cinch.service.secret.Vault;

/** Receives what the forge delivers. */
public final class Webhooks {

  public static final Duration BODY_WITHIN = Duration.ofSeconds(8);

  private final WebhookRoutes routes;

  private Webhooks(WebhookRoutes routes) {
    this.routes = routes;
  }

  /**
   * @param bounds on what bodies hold
   * @param site where repositories are cloned from, {@code https://bitbucket.org}
   * @param bodyWithin how long a body may take
   * @param first hears of the first delivery through each hook
   * @param names hears what deliveries call repositories
   */
  public static Webhooks start(
      ServiceContext context,
      HttpBounds bounds,
      Vault vault,
      Site site,
      Duration bodyWithin,
      Producer<byte[], byte[]> producer,
      Outbox outbox,
      FirstDelivery first,
      NameHints names,
      RunningService service) {
    var database = context.database();
    var directory = service.with("hooks", HookDirectory.start(database, vault, context.clock()));
    var deliveries =
        service.with("delivery log", DeliveryLog.start(database, context.metrics(), first));
    var publisher =
        service.with(
            "publisher",
            PushPublisher.start(
                context,
                producer,
                service::hasTopics,
                outbox,
                site,
                service.with("expected pushes", ExpectedPushes.start(context)),
                service.waking(RunningService.OUTBOX)));
    var hooks = new Hooks(database, vault, context.clock());
    return new Webhooks(
        new WebhookRoutes(
            context, bounds, directory, hooks, deliveries, publisher, names, bodyWithin));
  }

  /** Those that are too old to be kept, and on no first page. */
  public static Kind oldDeliveries(Duration kept) {
    return new Kind("deliveries", kept, Deliveries.old());
  }

  /** What nobody asks for any more: a twin comes within a minute. */
  public static Kind oldTwins() {
    return new Kind("twins", Duration.ofHours(1), DeliveryLog.oldTwins());
  }

  /** To be mounted before whatever reads bodies: these routes read their own. */
  public void mount(Router router) {
    routes.mount(router);
  }
}
