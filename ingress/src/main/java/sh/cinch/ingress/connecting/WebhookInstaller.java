package sh.cinch.ingress.connecting;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
import sh.cinch.ingress.connecting.upkeep.HookAttention;
import sh.cinch.ingress.connecting.upkeep.OurHooks;
import sh.cinch.ingress.connecting.upkeep.WantedHook;
import sh.cinch.ingress.forge.ForgeAnswers;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.HookUrls;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.NewHook;
import sh.cinch.ingress.webhooks.hook.SecretToTell;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.Secret;

/**
 * Sees to it that a repository has one webhook that leads here. Its row is there before the forge
 * knows it, so that its first delivery finds it; the forge's own id is written to the row
 * afterwards, and whoever finds another id there has lost a race and takes its hook back.
 */
record WebhookInstaller(Forge forge, Hooks hooks, HookUrls urls, HookAttention attention) {

  private static final Logger log = LoggerFactory.getLogger(WebhookInstaller.class);
  private static final String CANNOT_LIST = "The repository's webhooks could not be listed.";
  private static final String CANNOT_MAKE = "The webhook could not be made.";

  /**
   * @param address by the repository's uuid, whatever name was ordered
   */
  Installed install(UUID repositoryId, ForgeRepository address, ConnectOrder named) {
    ConnectOrder order = named.at(address);
    UUID credential = order.credential().id();
    ForgeResult<ForgeHooks.Listing> listed = onForge(credential).list(address);
    if (isForbidden(listed)) {
      return byHand(repositoryId, order);
    }
    ForgeHooks.Listing all = ForgeAnswers.valueOf(listed, CANNOT_LIST);
    OurHooks known = attention.ofRepository(repositoryId);
    List<ForgeHooks.Hook> ours =
        all.hooks().stream()
            .filter(found -> known.isOurs(found) || urls.isOurs(found.url()))
            .toList();
    if (all.unread() > 0 && known.among(ours).stream().noneMatch(known::leadsHere)) {
      throw unread(all.unread());
    }
    Optional<ForgeHooks.Hook> there =
        known.among(ours).stream().filter(known::leadsHere).findFirst();
    Optional<Hook> usable = usable(repositoryId, order, there);
    Installed installed =
        usable.isPresent() ? mended(usable.get(), order, there) : made(repositoryId, order);
    if (installed instanceof Installed.OnForge(UUID hookId)) {
      removeOthers(hookId, credential, address, ours);
    }
    return installed;
  }

  /** It could be ours, and a second one would deliver each push twice. */
  private static Problem unread(int count) {
    return new Problem(
        422,
        "Webhooks that cannot be read",
        "Bitbucket lists %d webhooks of the repository that could not be read, so Cinch cannot tell whether its own is there, and makes no second one. Look under Repository settings, Webhooks, delete what is broken there, then connect again."
            .formatted(count));
  }

  /** The row there is, unless it stands for a hook that is gone, or is not ours to mend. */
  private Optional<Hook> usable(
      UUID repositoryId, ConnectOrder order, Optional<ForgeHooks.Hook> there) {
    Optional<Hook> row = hooks.ofRepository(repositoryId);
    boolean good =
        row.filter(Hook::managed)
            .filter(hook -> hook.allowUnsigned() == order.allowUnsigned())
            .filter(hook -> hook.uuids().isEmpty() || there.isPresent())
            .isPresent();
    if (good) {
      return row;
    }
    row.ifPresent(hook -> hooks.remove(hook.id()));
    return Optional.empty();
  }

  /** Whatever somebody changed about it on the forge: it is as we made it afterwards. */
  private Installed mended(Hook hook, ConnectOrder order, Optional<ForgeHooks.Hook> there) {
    Secret secret = current(hook);
    ForgeHooks.Request request = WantedHook.signing(urls.hook(hook.id()), secret);
    ForgeHooks onForge = onForge(order.credential().id());
    if (there.isEmpty()) {
      return settle(hook.id(), order, onForge.create(order.repository(), request));
    }
    HookUuid uuid =
        uuid(
            ForgeAnswers.valueOf(
                    onForge.update(order.repository(), there.get().id(), request), CANNOT_MAKE)
                .id());
    if (!hooks.remade(hook.id(), uuid)) {
      throw raced();
    }
    hooks.told(hook.id(), secret);
    return new Installed.OnForge(hook.id());
  }

  private Installed made(UUID repositoryId, ConnectOrder order) {
    NewHook hook =
        hooks
            .create(repositoryId, true, order.allowUnsigned())
            .orElseThrow(WebhookInstaller::raced);
    ForgeResult<ForgeHooks.Hook> made =
        onForge(order.credential().id())
            .create(order.repository(), WantedHook.signing(urls.hook(hook.id()), hook.secret()));
    if (isForbidden(made)) {
      hooks.remove(hook.id());
      return byHand(repositoryId, order);
    }
    return settle(hook.id(), order, made);
  }

  private Installed settle(UUID hookId, ConnectOrder order, ForgeResult<ForgeHooks.Hook> answer) {
    String id = ForgeAnswers.valueOf(answer, CANNOT_MAKE).id();
    if (!hooks.bind(hookId, uuid(id))) {
      remove(order.credential().id(), order.repository(), id);
      throw raced();
    }
    return new Installed.OnForge(hookId);
  }

  /** A hook by hand that has been delivered through is left alone. */
  private Installed byHand(UUID repositoryId, ConnectOrder order) {
    Optional<Hook> row = hooks.ofRepository(repositoryId);
    if (row.isPresent()) {
      Hook hook = row.get();
      hooks.allowUnsigned(hook.id(), order.allowUnsigned());
      return new Installed.ByHand(
          hook.id(),
          hook.forgeUuid().isPresent() ? Optional.empty() : hooks.rotateSecret(hook.id()));
    }
    NewHook hook =
        hooks
            .create(repositoryId, false, order.allowUnsigned())
            .orElseThrow(WebhookInstaller::raced);
    return new Installed.ByHand(hook.id(), Optional.of(hook.secret()));
  }

  /** A repository needs one: there, and in what is kept in mind of it. */
  private void removeOthers(
      UUID hookId, UUID credential, ForgeRepository address, List<ForgeHooks.Hook> ours) {
    Optional<Hook> hook = hooks.find(hookId);
    Optional<String> kept = hook.flatMap(Hook::forgeUuid).map(HookUuid::value);
    ours.stream()
        .map(ForgeHooks.Hook::id)
        .filter(id -> !kept.equals(Optional.of(id)))
        .forEach(id -> remove(credential, address, id));
    hook.map(Hook::uuids).orElse(Set.of()).stream()
        .filter(uuid -> !kept.equals(Optional.of(uuid.value())))
        .forEach(uuid -> hooks.removeUuid(hookId, uuid));
  }

  private void remove(UUID credential, ForgeRepository address, String id) {
    if (!(onForge(credential).delete(address, id) instanceof ForgeResult.Done)) {
      log.warn("a surplus webhook could not be removed uuid={}", id);
    }
  }

  private static HookUuid uuid(String id) {
    return HookUuid.parse(id).orElseThrow();
  }

  private ForgeHooks onForge(UUID credential) {
    return forge.open(ForgeCaller.once(credential, Purpose.CONNECTING)).hooks();
  }

  private Secret current(Hook hook) {
    return hooks.secret(hook.id()).orElseThrow(WebhookInstaller::raced);
  }

  /**
   * Has the forge sign with a new secret. Both are valid from before it is told until it has
   * confirmed the new one, and the one before for an hour more; where it does not confirm, the
   * upkeep goes on.
   */
  Secret resecret(Hook hook, UUID credential, ForgeRepository address) {
    if (!hook.managed() || hook.forgeUuid().isEmpty()) {
      return hooks.rotateSecret(hook.id()).orElseThrow(WebhookInstaller::raced);
    }
    attention.changing(hook.id());
    SecretToTell next = hooks.secretToTell(hook.id()).orElseThrow(WebhookInstaller::raced);
    ForgeHooks.Request request = WantedHook.signing(urls.hook(hook.id()), next.secret());
    ForgeHooks onForge = onForge(credential);
    ForgeResult<ForgeHooks.Hook> answer =
        onForge.update(address, hook.forgeUuid().get().value(), request);
    if (next.isNew() && answer instanceof ForgeResult.Refused) {
      hooks.restoreSecret(hook.id());
    }
    if (ForgeAnswers.isAway(answer)) {
      throw new Problem(
          503,
          "Not confirmed",
          "Bitbucket has not confirmed the new secret. Cinch goes on telling it by itself; until"
              + " then both secrets are valid, and no push is lost.");
    }
    ForgeHooks.Hook told =
        ForgeAnswers.valueOf(
            answer,
            "The webhook's secret could not be changed; connect the repository again to mend it.");
    boolean allKnow =
        FurtherHooks.of(onForge, address, hook, attention.ofRepository(hook.repositoryId()))
            .stream()
            .filter(id -> !resecretToo(onForge, address, id, request))
            .toList()
            .isEmpty();
    if (allKnow) {
      hooks.told(hook.id(), next.secret());
    }
    log.debug("hook={} uuid={} signs with a new secret", hook.id(), told.id());
    return next.secret();
  }

  /** One that was made again, and may be gone by now. */
  private static boolean resecretToo(
      ForgeHooks onForge, ForgeRepository address, String id, ForgeHooks.Request request) {
    boolean isDone = onForge.update(address, id, request) instanceof ForgeResult.Done;
    if (!isDone) {
      log.warn("a further webhook has the old secret still, if it is there uuid={}", id);
    }
    return isDone;
  }

  private static boolean isForbidden(ForgeResult<?> result) {
    return result instanceof ForgeResult.Refused<?> refused && refused.cause() == Cause.FORBIDDEN;
  }

  private static Problem raced() {
    return new Problem(
        409, "Being connected", "Somebody else is connecting this repository just now; try again.");
  }
}
