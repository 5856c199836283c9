package sh.cinch.ingress.connecting.upkeep;

import static sh.cinch.database.ingress.Tables.HOOK_UPKEEP;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.database.ingress.tables.records.HookUpkeepRecord;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeHooks;
import sh.cinch.forge.ForgeResult;
import sh.cinch.ingress.webhooks.hook.HookTrouble;
import sh.cinch.ingress.webhooks.hook.HookUrl;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.secret.Secret;

/**
 * Makes a webhook of ours that is on the forge as it is to be, and removes those beside it. What
 * people may have meant is undone once a day at most.
 */
record HookMending(Hooks hooks, UpkeepRows rows) {

  private static final Logger log = LoggerFactory.getLogger(HookMending.class);

  /** Whoever undoes it again within that may mean it. */
  static final Duration ONCE_IN = Duration.ofHours(24);

  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  /** What is to be put right. */
  private enum Fault {
    /** It has an address that Cinch had. */
    FORMER_ADDRESS,
    INACTIVE,
    /** Its URL or its events. */
    CHANGED,
    /** It does not sign, or not with our secret. */
    SECRET,
    /** It may sign with a secret that was replaced. */
    SECRET_OWED,
    /** It is not the one that is bound: somebody made it again, or nobody wrote it down. */
    UNBOUND
  }

  /** What speaks against it, beside its address. */
  static Optional<HookTrouble> trouble(HookCase of, ForgeHooks.Hook found) {
    if (!found.active()) {
      return Optional.of(HookTrouble.INACTIVE);
    }
    return isChanged(of, found) || isUnsigned(of, found)
        ? Optional.of(HookTrouble.CHANGED)
        : Optional.empty();
  }

  private static boolean isChanged(HookCase of, ForgeHooks.Hook found) {
    return found.events().filter(events -> !events.contains(WantedHook.PUSH)).isPresent()
        || HookUrl.read(found.url()).filter(url -> url.hook().equals(of.hook().id())).isEmpty();
  }

  private static boolean isUnsigned(HookCase of, ForgeHooks.Hook found) {
    return !of.hook().allowUnsigned() && found.secretSet().equals(Optional.of(false));
  }

  static @Nullable String address(ForgeHooks.Hook found) {
    return HookUrl.read(found.url()).map(HookUrl::address).orElse(null);
  }

  /**
   * @param ours the one to keep first
   */
  LookResult mend(HookCase of, ForgeHooks onForge, List<ForgeHooks.Hook> ours) {
    ForgeHooks.Hook kept = ours.getFirst();
    Set<Fault> faults = faults(of, kept);
    Set<Fault> now = mayBeMended(of.row(), faults);
    if (now.isEmpty()) {
      LookResult result =
          LookResult.of(trouble(of, kept).orElse(null), HookLook.round())
              .with(HOOK_UPKEEP.ADDRESS, address(kept));
      return faults.isEmpty() ? removeOthers(of, onForge, ours, good(result)) : result;
    }
    Optional<Secret> secret = needsSecret(now) ? hooks.secret(of.hook().id()) : Optional.empty();
    ForgeHooks.Request request =
        secret
            .map(value -> WantedHook.signing(of.url(), value))
            .orElseGet(() -> WantedHook.asItSigns(of.url()));
    return switch (onForge.update(of.repository(), kept.id(), request)) {
      case ForgeResult.Done<ForgeHooks.Hook>(ForgeHooks.Hook mended, OptionalInt status) -> {
        log.info("{} mended on the forge: {}", of, now);
        boolean isTold = secret.map(value -> hooks.told(of.hook().id(), value)).orElse(true);
        LookResult written = mended(of, now, kept);
        LookResult result = isTold ? written : written.within(AT_ONCE);
        yield removeOthers(of, onForge, ours, result);
      }
      case ForgeResult.Refused<ForgeHooks.Hook>(Cause cause, OptionalInt status, String reason) -> {
        log.warn("{} cannot be mended on the forge ({}): {}", of, faults, reason);
        yield unmended(of, kept, HookLook.later(Duration.ofHours(1)));
      }
      case ForgeResult.Later<ForgeHooks.Hook> later ->
          unmended(of, kept, HookLook.later(later.pause()));
      case ForgeResult.Unclear<ForgeHooks.Hook> unclear ->
          unmended(of, kept, HookLook.later(unclear.pause()));
      case ForgeResult.NotBegun<ForgeHooks.Hook> notBegun ->
          LookResult.none(HookLook.later(Duration.ZERO));
    };
  }

  private Set<Fault> faults(HookCase of, ForgeHooks.Hook kept) {
    Set<Fault> faults = EnumSet.noneOf(Fault.class);
    if (!kept.active()) {
      faults.add(Fault.INACTIVE);
    }
    if (isChanged(of, kept)) {
      faults.add(Fault.CHANGED);
    } else if (!of.address().equals(address(kept))) {
      faults.add(Fault.FORMER_ADDRESS);
    }
    if (isUnsigned(of, kept)
        || rows.isSignatureRefused(of.hook().id(), kept.id(), sinceItWasGood(of.row()))) {
      faults.add(Fault.SECRET);
    }
    if (!OurHooks.isOne(of.hook().forgeUuid(), kept)) {
      faults.add(Fault.UNBOUND);
    }
    if (hooks.isSecretOwed(of.hook().id())) {
      faults.add(Fault.SECRET_OWED);
    }
    return faults;
  }

  private Instant sinceItWasGood(HookUpkeepRecord row) {
    Instant least = rows.now().minus(ONCE_IN);
    return row.getGoodAt() != null && row.getGoodAt().isAfter(least) ? row.getGoodAt() : least;
  }

  private Set<Fault> mayBeMended(HookUpkeepRecord row, Set<Fault> faults) {
    Set<Fault> now = EnumSet.noneOf(Fault.class);
    for (Fault fault : faults) {
      boolean isAgain =
          switch (fault) {
            case INACTIVE -> isLately(row.getActivatedAt());
            case CHANGED, SECRET -> isLately(row.getCorrectedAt());
            case FORMER_ADDRESS, SECRET_OWED, UNBOUND -> false;
          };
      if (!isAgain) {
        now.add(fault);
      }
    }
    // A request makes it active whatever it is made for.
    return faults.contains(Fault.INACTIVE) && !now.contains(Fault.INACTIVE) ? Set.of() : now;
  }

  boolean isLately(@Nullable Instant at) {
    return at != null && at.isAfter(rows.now().minus(ONCE_IN));
  }

  private static boolean needsSecret(Set<Fault> faults) {
    return faults.contains(Fault.SECRET)
        || faults.contains(Fault.SECRET_OWED)
        || faults.contains(Fault.UNBOUND);
  }

  private LookResult good(LookResult result) {
    return result.with(HOOK_UPKEEP.GOOD_AT, rows.now()).with(HOOK_UPKEEP.MOVING, false);
  }

  private LookResult mended(HookCase of, Set<Fault> mended, ForgeHooks.Hook kept) {
    LookResult result =
        good(LookResult.of(null, HookLook.round())).with(HOOK_UPKEEP.ADDRESS, of.address());
    if (mended.contains(Fault.INACTIVE)) {
      result = result.with(HOOK_UPKEEP.ACTIVATED_AT, rows.now());
    }
    if (mended.contains(Fault.CHANGED) || mended.contains(Fault.SECRET)) {
      result = result.with(HOOK_UPKEEP.CORRECTED_AT, rows.now());
    }
    if (mended.contains(Fault.FORMER_ADDRESS)) {
      result = result.with(HOOK_UPKEEP.MOVED_AT, rows.now());
    }
    boolean isBound =
        mended.contains(Fault.UNBOUND)
            && HookUuid.parse(kept.id())
                .filter(uuid -> hooks.remade(of.hook().id(), uuid))
                .isPresent();
    return isBound ? result.newOnForge() : result;
  }

  private static LookResult unmended(HookCase of, ForgeHooks.Hook kept, Duration next) {
    return LookResult.of(trouble(of, kept).orElse(null), next)
        .with(HOOK_UPKEEP.ADDRESS, address(kept));
  }

  /** Only beside one that works. */
  private LookResult removeOthers(
      HookCase of, ForgeHooks onForge, List<ForgeHooks.Hook> ours, LookResult result) {
    List<ForgeHooks.Hook> further = ours.subList(1, ours.size());
    if (further.isEmpty()) {
      return result;
    }
    boolean complete = true;
    for (ForgeHooks.Hook other : further) {
      boolean isRemoved = onForge.delete(of.repository(), other.id()) instanceof ForgeResult.Done;
      complete &= isRemoved;
      log.info("{} a further one on the forge uuid={} removed={}", of, other.id(), isRemoved);
    }
    return complete
        ? result.with(HOOK_UPKEEP.REMOVED_AT, rows.now())
        : result
            .with(HOOK_UPKEEP.TROUBLE, HookTrouble.DOUBLED.word())
            .within(HookLook.later(Duration.ofHours(1)));
  }
}
