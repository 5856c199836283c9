package sh.cinch.ingress.webhooks.hook;

import java.net.URI;
import java.util.UUID;

/** The addresses of our webhooks: only this Cinch makes hooks that lead here. */
public final class HookUrls {

  /** Where the forge delivers; the id of a hook may follow. */
  public static final String PATH = "/webhooks/bitbucket";

  private final String address;

  public HookUrls(URI baseUrl) {
    this.address = HookUrl.address(baseUrl);
  }

  /** Without the path. */
  public String address() {
    return address;
  }

  public HookUrl hook(UUID hookId) {
    return new HookUrl(address, hookId);
  }

  public URI of(UUID hookId) {
    return URI.create(hook(hookId).toString());
  }

  /** Whether it leads here now, whatever hook it is of. */
  public boolean isOurs(String url) {
    return url.startsWith(address + PATH + "/");
  }
}
