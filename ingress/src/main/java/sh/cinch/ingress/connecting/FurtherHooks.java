package sh.cinch.ingress.connecting;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.forge.ForgeHooks;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.ingress.connecting.upkeep.OurHooks;
import sh.cinch.ingress.webhooks.hook.Hook;

/**
 * The webhooks of a hook that was made again, beside the one that is bound. That deliveries name
 * them is a header's word, which nobody signs: ours to change are those that lead here, as the
 * forge lists them.
 */
final class FurtherHooks {

  private FurtherHooks() {}

  /** Their ids on the forge; none where it does not list them. */
  static List<String> of(ForgeHooks forge, ForgeRepository address, Hook hook, OurHooks ours) {
    List<HookUuid> further =
        hook.uuids().stream().filter(uuid -> !hook.forgeUuid().equals(Optional.of(uuid))).toList();
    if (further.isEmpty()) {
      return List.of();
    }
    return switch (forge.list(address)) {
      case ForgeResult.Done<ForgeHooks.Listing>(ForgeHooks.Listing listing, OptionalInt status) ->
          listing.hooks().stream()
              .filter(ours::leadsHere)
              .map(ForgeHooks.Hook::id)
              .filter(id -> further.stream().anyMatch(uuid -> uuid.value().equalsIgnoreCase(id)))
              .toList();
      case ForgeResult<ForgeHooks.Listing> unknown -> List.of();
    };
  }
}
