package sh.cinch.ingress.connecting;

import java.net.URI;
import java.util.List;
import sh.cinch.service.secret.Secret;

/**
 * What a person enters on Bitbucket's page, since Cinch may not make the webhook itself.
 *
 * @param secret shown this once
 */
public record ManualWebhook(URI url, Secret secret, List<String> events) {

  public ManualWebhook {
    events = List.copyOf(events);
  }
}
