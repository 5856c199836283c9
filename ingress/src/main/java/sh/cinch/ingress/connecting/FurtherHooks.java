package sh.cinch.ingress.connecting;

import java.util.List;
import java.util.OptionalInt;
import sh.cinch.forge.ForgeHooks;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.ingress.connecting.upkeep.OurHooks;
import sh.cinch.ingress.webhooks.hook.Hook;

/**
 * The webhooks of a hook that was made again, or more than once, beside the one that is bound. That
 * deliveries name them is a header's word, which nobody signs: ours to change are those that lead
 * here, as the forge lists them.
 */
final class FurtherHooks {

  private FurtherHooks() {}

  /** Their ids on the forge; none where it does not list them. */
  static List<String> of(ForgeHooks forge, ForgeRepository address, Hook hook, OurHooks ours) {
    if (!hook.managed() && !hook.hasSeveralUuids()) {
      return List.of();
    }
    return switch (forge.list(address)) {
      case ForgeResult.Done<ForgeHooks.Listing>(ForgeHooks.Listing listing, OptionalInt status) ->
          ours.among(listing.hooks()).stream()
              .filter(ours::leadsHere)
              .filter(found -> !OurHooks.isOne(hook.forgeUuid(), found))
              .map(ForgeHooks.Hook::id)
              .toList();
      case ForgeResult<ForgeHooks.Listing> unknown -> List.of();
    };
  }
}
