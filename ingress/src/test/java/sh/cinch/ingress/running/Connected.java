package sh.cinch.ingress.running;

import java.net.URI;
import java.util.UUID;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.PushBody;
import sh.cinch.testkit.WebhookDelivery;

/**
 * A repository with a hook.
 *
 * @param forgeHook what the hook's deliveries carry as X-Hook-UUID
 */
public record Connected(
    UUID repository,
    String uuid,
    String fullName,
    UUID hook,
    UUID forgeHook,
    Secret secret,
    URI url) {

  public byte[] push(PushBody.Change... changes) {
    return PushBody.of(uuid, fullName, changes);
  }

  /** A delivery as Bitbucket makes it, signed, its first attempt. */
  public WebhookDelivery delivery(byte[] body) {
    return WebhookDelivery.push(url, forgeHook.toString(), body).signed(secret.reveal());
  }
}
