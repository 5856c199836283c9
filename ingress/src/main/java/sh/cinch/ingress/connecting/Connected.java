package sh.cinch.ingress.connecting;

import java.util.List;
import java.util.Optional;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.service.token.StoredCredential;

/**
 * A repository that is connected now.
 *
 * @param isNew false where it was connected before
 * @param warnings what its people should know
 * @param manual how to make the webhook by hand; empty where Cinch could
 */
public record Connected(
    Connection connection,
    StoredCredential credential,
    Hook hook,
    boolean isNew,
    List<String> warnings,
    Optional<ManualWebhook> manual) {

  public Connected {
    warnings = List.copyOf(warnings);
  }
}
