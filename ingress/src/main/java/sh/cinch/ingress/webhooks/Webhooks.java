package sh.cinch.ingress.webhooks;

import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import sh.cinch.ingress.webhooks.delivery.BodySettings;
import sh.cinch.ingress.webhooks.delivery.Deliveries;
import sh.cinch.ingress.webhooks.delivery.DeliveryBodies;
import sh.cinch.ingress.webhooks.delivery.DeliveryLog;
import sh.cinch.ingress.webhooks.delivery.FirstDelivery;
import sh.cinch.ingress.webhooks.delivery.NameHints;
import sh.cinch.ingress.webhooks.held.HeldPushes;
import sh.cinch.ingress.webhooks.hook.HookDirectory;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.publish.OutboxPushes;
import sh.cinch.ingress.webhooks.publish.PushPublisher;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.keyset.EncryptedTable;
import sh.cinch.service.retention.Retention.Kind;
import sh.cinch.service.secret.Vault;

/** Receives what the forge delivers. */
public final class Webhooks {

  public static final Duration BODY_WITHIN = Duration.ofSeconds(8);

  /** What this service's keyset encrypts: what it cannot do without first. */
  public static final List<EncryptedTable<?>> ENCRYPTED =
      List.of(Hooks.ENCRYPTED, DeliveryBodies.ENCRYPTED);

  /** Beyond its own, a body's day and the end of that. */
  private static final Duration KEYS_OUTLAST = Duration.ofDays(2);

  private final WebhookRoutes routes;

  private Webhooks(WebhookRoutes routes) {
    this.routes = routes;
  }

  /**
   * @param bounds on what bodies hold
   * @param bodyWithin how long a body may take
   * @param kept which bodies are kept
   * @param late publishes what was held
   * @param first hears of the first delivery through each hook
   * @param names hears what deliveries call repositories
   */
  public static Webhooks start(
      ServiceContext context,
      HttpBounds bounds,
      Vault vault,
      Duration bodyWithin,
      BodySettings kept,
      PushPublisher publisher,
      OutboxPushes late,
      FirstDelivery first,
      NameHints names,
      RunningService service) {
    var database = context.database();
    var directory = service.with("hooks", HookDirectory.start(database, vault, context.clock()));
    var deliveries = service.with("delivery log", DeliveryLog.start(context, vault, kept, first));
    var held =
        service.with(
            "held pushes",
            HeldPushes.start(
                context,
                vault,
                first,
                late,
                service.waking(RunningService.OUTBOX),
                publisher::mustWait));
    var hooks = new Hooks(database, vault, context.clock());
    return new Webhooks(
        new WebhookRoutes(
            context, bounds, directory, hooks, deliveries, held, publisher, names, bodyWithin));
  }

  /** Those that are too old to be kept, and on no first page. */
  public static Kind oldDeliveries(Duration kept) {
    return new Kind("deliveries", kept, Deliveries.old());
  }

  /** What is known of deliveries whose lines were too old, until their hook is gone. */
  public static Kind formerBodies() {
    return new Kind("former-bodies", Duration.ZERO, Deliveries.formerBodies());
  }

  /** The bodies of deliveries, and the keys they are encrypted with. */
  public static List<Kind> oldBodies(Duration kept) {
    return List.of(
        new Kind("delivery-bodies", kept, DeliveryBodies.old()),
        new Kind("delivery-body-keys", kept.plus(KEYS_OUTLAST), DeliveryBodies.oldKeys()));
  }

  /** More than are looked at to say whether there is room for one more. */
  public static Kind oldSimulations() {
    return new Kind("simulations", PushSimulation.LATELY, PushSimulation.old());
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
