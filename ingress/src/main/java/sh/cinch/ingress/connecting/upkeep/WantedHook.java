package sh.cinch.ingress.connecting.upkeep;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import sh.cinch.forge.ForgeHooks;
import sh.cinch.ingress.webhooks.hook.HookUrl;
import sh.cinch.service.secret.Secret;

/** A webhook as Cinch wants it on the forge. */
public final class WantedHook {

  public static final String PUSH = "repo:push";
  public static final List<String> EVENTS = List.of(PUSH);

  private static final String DESCRIPTION = "Cinch";

  private WantedHook() {}

  /** With a secret that it may not have yet. */
  public static ForgeHooks.Request signing(HookUrl url, Secret secret) {
    return request(url, Optional.of(secret));
  }

  /** With the secret that it has. */
  static ForgeHooks.Request asItSigns(HookUrl url) {
    return request(url, Optional.empty());
  }

  private static ForgeHooks.Request request(HookUrl url, Optional<Secret> secret) {
    return new ForgeHooks.Request(DESCRIPTION, url.toString(), Set.copyOf(EVENTS), secret);
  }
}
