package sh.cinch.acceptance.deliveries;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import sh.cinch.acceptance.deliveries.Push.Moved;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.PushBody;
import sh.cinch.testkit.PushBody.Change;
import sh.cinch.testkit.WebhookDelivery;

/** A repository with a hook that leads to the stand. */
record Connected(UUID id, String uuid, UUID hookUuid, Secret secret, URI url) {

  /** A first attempt, signed. */
  WebhookDelivery delivery(List<Moved> moved) {
    Change[] changes =
        moved.stream()
            .map(one -> Change.branch(one.branch(), one.from(), one.commit()))
            .toArray(Change[]::new);
    return WebhookDelivery.push(
            url, hookUuid.toString(), PushBody.of(uuid, Stand.FULL_NAME, changes))
        .signed(secret.reveal());
  }
}
