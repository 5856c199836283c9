package sh.cinch.ingress.connecting.upkeep;

import static sh.cinch.database.ingress.Tables.HOOK_UPKEEP;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeHooks;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Purpose;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.HookTrouble;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.SeenUuid;
import sh.cinch.service.due.BackOff;

/** Lists a repository's webhooks, and has done what the listing asks for. */
record HookLook(
    Forge forge,
    Hooks hooks,
    Addresses addresses,
    UpkeepRows rows,
    HookMending mending,
    MissingHooks missing) {

  /** Until a hook with which nothing is wrong is looked at again, at least and at most. */
  private static final Duration ROUND = Duration.ofHours(5);

  private static final Duration SPREAD = Duration.ofHours(2);

  /** Where only a person can do something. */
  private static final Duration SELDOM = Duration.ofHours(24);

  private static final Duration LATER = Duration.ofHours(1);

  static Duration round() {
    return BackOff.spread(ROUND, SPREAD);
  }

  /** A UUID of which neither the forge nor a delivery has told for that long is forgotten. */
  private static final Duration SILENT = Duration.ofHours(1);

  LookResult look(HookCase of) {
    ForgeHooks onForge =
        forge
            .open(
                ForgeCaller.once(of.credential(), Purpose.RECONCILING), () -> rows.isHeld(of.row()))
            .hooks();
    ForgeResult<ForgeHooks.Listing> listed = onForge.list(of.repository());
    return listed instanceof ForgeResult.NotBegun
        ? LookResult.none(LATER)
        : read(of, onForge, listed).with(HOOK_UPKEEP.LOOKED_AT, rows.now());
  }

  private LookResult read(HookCase of, ForgeHooks onForge, ForgeResult<ForgeHooks.Listing> listed) {
    return switch (listed) {
      case ForgeResult.Done<ForgeHooks.Listing>(ForgeHooks.Listing listing, OptionalInt status) ->
          found(of, onForge, listing);
      case ForgeResult.Refused<ForgeHooks.Listing> refused -> refused(of);
      case ForgeResult.Later<ForgeHooks.Listing> later -> LookResult.none(later(later.pause()));
      case ForgeResult.Unclear<ForgeHooks.Listing> unclear ->
          LookResult.none(later(unclear.pause()));
      case ForgeResult.NotBegun<ForgeHooks.Listing> notBegun -> LookResult.none(LATER);
    };
  }

  /**
   * Nobody has promised to let Cinch look where people make the webhook themselves; elsewhere it is
   * said where it has lasted longer than outages do.
   */
  private LookResult refused(HookCase of) {
    if (!of.hook().managed()) {
      return LookResult.none(SELDOM);
    }
    return mending.isLately(of.row().getGoodAt())
        ? LookResult.none(LATER)
        : LookResult.of(HookTrouble.UNSEEN, LATER);
  }

  /** What is not urgent presses nobody who has just said no. */
  static Duration later(Duration pause) {
    return pause.compareTo(UpkeepRows.LOOKED_AT_MOST_EVERY) < 0
        ? BackOff.spread(UpkeepRows.LOOKED_AT_MOST_EVERY, UpkeepRows.LOOKED_AT_MOST_EVERY)
        : pause.compareTo(LATER) > 0 ? LATER : pause;
  }

  private LookResult found(HookCase of, ForgeHooks onForge, ForgeHooks.Listing listing) {
    List<ForgeHooks.Hook> ours =
        OurHooks.of(hooks, addresses, of.connection().id()).among(listing.hooks());
    if (!of.hook().managed()) {
      return reported(of, ours, listing);
    }
    if (!ours.isEmpty()) {
      LookResult result = mending.mend(of, onForge, ours);
      if (listing.unread() == 0) {
        forget(of.hook(), listing.hooks());
      }
      return result.with(HOOK_UPKEEP.MISSING_SINCE, null);
    }
    return listing.unread() > 0
        ? LookResult.of(HookTrouble.UNSEEN, LATER)
        : missing.missing(of, onForge);
  }

  /** A hook that people make is theirs to mend. */
  private LookResult reported(HookCase of, List<ForgeHooks.Hook> ours, ForgeHooks.Listing listing) {
    if (ours.isEmpty()) {
      return LookResult.of(listing.unread() > 0 ? HookTrouble.UNSEEN : HookTrouble.MISSING, SELDOM);
    }
    ForgeHooks.Hook kept = ours.getFirst();
    Optional<HookTrouble> trouble = HookMending.trouble(of, kept);
    boolean isDoubled = ours.size() > 1;
    LookResult result =
        LookResult.of(trouble.orElse(isDoubled ? HookTrouble.DOUBLED : null), SELDOM)
            .with(HOOK_UPKEEP.ADDRESS, HookMending.address(kept));
    return trouble.isEmpty() ? result.with(HOOK_UPKEEP.GOOD_AT, rows.now()) : result;
  }

  /** With one that is left alone each push costs less; one that is gone brings none. */
  private void forget(Hook hook, List<ForgeHooks.Hook> listed) {
    if (!hook.hasSeveralUuids()) {
      return;
    }
    for (SeenUuid seen : hooks.uuids(hook)) {
      boolean isListed =
          listed.stream().anyMatch(found -> OurHooks.isOne(Optional.of(seen.uuid()), found));
      boolean isSilent =
          seen.lastSeenAt().isEmpty() || seen.lastSeenAt().get().isBefore(rows.now().minus(SILENT));
      if (!isListed && isSilent && !hook.forgeUuid().equals(Optional.of(seen.uuid()))) {
        hooks.removeUuid(hook.id(), seen.uuid());
      }
    }
  }
}
