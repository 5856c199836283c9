package sh.cinch.ingress.webhooks;

import sh.cinch.ingress.webhooks.delivery.Deliveries;
import sh.cinch.ingress.webhooks.delivery.DeliveryBodies;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.publish.PushPublisher;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.secret.Vault;

/** The log of deliveries, and what Cinch brings itself: replays and simulated pushes. */
public record OwnDeliveries(
    Deliveries log, DeliveryBodies bodies, DeliveryReplay replay, PushSimulation simulation) {

  public static OwnDeliveries of(ServiceContext context, Vault vault, PushPublisher publisher) {
    var log = new Deliveries(context.database());
    var bodies = new DeliveryBodies(context.database(), vault);
    var pushes = new OwnPushes(publisher);
    return new OwnDeliveries(
        log,
        bodies,
        new DeliveryReplay(log, bodies, pushes, context.clock()),
        new PushSimulation(
            context.database(),
            new Hooks(context.database(), vault, context.clock()),
            log,
            pushes,
            context.clock()));
  }
}
