package sh.cinch.ingress.connecting;

import java.net.URI;
import java.util.UUID;

/** The addresses of our webhooks: only this Cinch makes hooks that lead here. */
public final class HookUrls {

  private final String prefix;

  public HookUrls(URI baseUrl) {
    this.prefix = baseUrl + "/webhooks/bitbucket/";
  }

  public URI of(UUID hookId) {
    return URI.create(prefix + hookId);
  }

  boolean isOurs(String url) {
    return url.startsWith(prefix);
  }
}
