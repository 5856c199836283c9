package sh.cinch.ingress.webhooks.hook;

import java.net.URI;
import java.util.UUID;

/** The addresses of our webhooks: only this Cinch makes hooks that lead here. */
public final class HookUrls {

  /** Where the forge delivers; the id of a hook may follow. */
  public static final String PATH = "/webhooks/bitbucket";

  private final String prefix;

  public HookUrls(URI baseUrl) {
    this.prefix = baseUrl + PATH + "/";
  }

  public URI of(UUID hookId) {
    return URI.create(prefix + hookId);
  }

  public boolean isOurs(String url) {
    return url.startsWith(prefix);
  }
}
