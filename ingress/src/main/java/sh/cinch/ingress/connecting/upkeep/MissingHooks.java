package sh.cinch.ingress.connecting.upkeep;

import static org.jooq.impl.DSL.select;
import static sh.cinch.database.ingress.Tables.HOOK;
import static sh.cinch.database.ingress.Tables.HOOK_UPKEEP;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jooq.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.forge.Cause;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeHooks;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Repositories.Found;
import sh.cinch.ingress.webhooks.hook.HookTrouble;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.secret.Secret;

/**
 * Makes again what is gone from the forge: under the same URL and secret, and only after two looks
 * a while apart have found none, while the repository itself answers and others have theirs. Where
 * many miss theirs that is an outage, until it has been so for hours.
 */
record MissingHooks(Forge forge, Hooks hooks, UpkeepRows rows, HookMending mending) {

  private static final Logger log = LoggerFactory.getLogger(MissingHooks.class);

  /** Between two looks that are to agree. */
  static final Duration AGREES_AFTER = Duration.ofMinutes(10);

  /** Longer than Bitbucket has answered nonsense so far. */
  static final Duration OUTAGE_AT_MOST = Duration.ofHours(6);

  /** So many may miss theirs without that being an outage. */
  private static final int FEW = 3;

  /** What was found missing longer ago is not being looked at. */
  private static final Duration STILL_MISSING = Duration.ofHours(2);

  private static final Duration HELD = Duration.ofMinutes(30);
  private static final int NEIGHBOURS = 2;

  LookResult missing(HookCase of, ForgeHooks onForge) {
    Instant now = rows.now();
    Instant since = of.row().getMissingSince();
    boolean isDeliveredThrough =
        since != null && of.hook().lastDeliveryAt().filter(last -> last.isAfter(since)).isPresent();
    if (since == null || isDeliveredThrough) {
      askNeighbours(of);
      return found(AGREES_AFTER).with(HOOK_UPKEEP.MISSING_SINCE, now);
    }
    if (now.isBefore(since.plus(AGREES_AFTER))) {
      return found(Duration.between(now, since.plus(AGREES_AFTER)));
    }
    if (mending.isLately(of.row().getRemadeAt())) {
      return found(Duration.ofHours(1));
    }
    if (isOutage(of, since)) {
      log.warn("{} is not on the forge, nor are others, so nothing is made yet", of);
      askNeighbours(of);
      return found(HELD);
    }
    return answers(of) ? makeAgain(of, onForge) : found(HookLook.later(Duration.ZERO));
  }

  private static LookResult found(Duration next) {
    return LookResult.of(HookTrouble.MISSING, next);
  }

  private boolean isOutage(HookCase of, Instant since) {
    Condition others =
        HOOK_UPKEEP
            .HOOK_ID
            .ne(of.hook().id())
            .and(HOOK_UPKEEP.HOOK_ID.in(select(HOOK.ID).from(HOOK).where(HOOK.MANAGED)));
    if (!rows.sql().fetchExists(HOOK_UPKEEP, others)) {
      return false;
    }
    int missing =
        rows.sql()
            .fetchCount(
                HOOK_UPKEEP,
                others
                    .and(HOOK_UPKEEP.MISSING_SINCE.isNotNull())
                    .and(HOOK_UPKEEP.LOOKED_AT.gt(rows.now().minus(STILL_MISSING))));
    boolean othersAreThere =
        rows.sql()
            .fetchExists(
                HOOK_UPKEEP,
                others.and(HOOK_UPKEEP.MISSING_SINCE.isNull()).and(HOOK_UPKEEP.GOOD_AT.gt(since)));
    return (missing >= FEW || !othersAreThere) && rows.now().isBefore(since.plus(OUTAGE_AT_MOST));
  }

  /** Whether others have theirs is to be known by the next look. */
  private void askNeighbours(HookCase of) {
    rows.soon(
        HOOK_UPKEEP.HOOK_ID.in(
            rows.sql()
                .select(HOOK_UPKEEP.HOOK_ID)
                .from(HOOK_UPKEEP)
                .where(HOOK_UPKEEP.HOOK_ID.ne(of.hook().id()))
                .and(HOOK_UPKEEP.MISSING_SINCE.isNull())
                .and(UpkeepRows.isNotClaimed(rows.now()))
                .orderBy(HOOK_UPKEEP.GOOD_AT.desc().nullsLast())
                .limit(NEIGHBOURS)));
  }

  private boolean answers(HookCase of) {
    return forge
                .open(
                    ForgeCaller.once(of.credential(), Purpose.RECONCILING),
                    () -> rows.isHeld(of.row()))
                .repositories()
                .find(of.repository())
            instanceof ForgeResult.Done<Found>(Found found, OptionalInt status)
        && found.uuid().equalsIgnoreCase(of.connection().uuid());
  }

  private LookResult makeAgain(HookCase of, ForgeHooks onForge) {
    Optional<Secret> secret = hooks.secret(of.hook().id());
    if (secret.isEmpty()) {
      return found(HELD);
    }
    ForgeRepository repository = of.repository();
    return switch (onForge.create(repository, WantedHook.signing(of.url(), secret.get()))) {
      case ForgeResult.Done<ForgeHooks.Hook>(ForgeHooks.Hook made, OptionalInt status) ->
          made(of, onForge, made, secret.get());
      // It may land yet: two looks are to agree once more.
      case ForgeResult.Unclear<ForgeHooks.Hook> unclear ->
          found(AGREES_AFTER).with(HOOK_UPKEEP.MISSING_SINCE, rows.now());
      case ForgeResult.Later<ForgeHooks.Hook> later -> found(HookLook.later(later.pause()));
      case ForgeResult.Refused<ForgeHooks.Hook>(Cause cause, OptionalInt status, String reason) -> {
        log.warn("{} cannot be made again on the forge: {}", of, reason);
        yield found(Duration.ofHours(1));
      }
      case ForgeResult.NotBegun<ForgeHooks.Hook> notBegun -> found(HELD);
    };
  }

  private LookResult made(HookCase of, ForgeHooks onForge, ForgeHooks.Hook made, Secret secret) {
    boolean isBound =
        HookUuid.parse(made.id()).filter(uuid -> hooks.remade(of.hook().id(), uuid)).isPresent();
    if (!isBound) {
      // Disconnected or connected anew meanwhile: nobody else will remove it.
      boolean isRemoved = onForge.delete(of.repository(), made.id()) instanceof ForgeResult.Done;
      log.info("{} was removed while it was made again, taken back={}", of, isRemoved);
      return found(HELD);
    }
    hooks.told(of.hook().id(), secret);
    log.info("{} was gone from the forge and is made again uuid={}", of, made.id());
    return LookResult.of(null, HookLook.round())
        .with(HOOK_UPKEEP.MISSING_SINCE, null)
        .with(HOOK_UPKEEP.REMADE_AT, rows.now())
        .with(HOOK_UPKEEP.GOOD_AT, rows.now())
        .with(HOOK_UPKEEP.ADDRESS, of.address())
        .with(HOOK_UPKEEP.MOVING, false)
        .newOnForge();
  }
}
