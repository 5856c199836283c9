package sh.cinch.ingress.connecting;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
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
import sh.cinch.ingress.forge.ForgeAnswers;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.HookUrls;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.NewHook;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.Secret;

/**
 * Sees to it that a repository has one webhook that leads here. Its row is there before the forge
 * knows it, so that its first delivery finds it; the forge's own id is written to the row
 * afterwards, and whoever finds another id there has lost a race and takes its hook back.
 */
record WebhookInstaller(Forge forge, Hooks hooks, HookUrls urls) {

  static final List<String> EVENTS = List.of("repo:push");

  private static final Logger log = LoggerFactory.getLogger(WebhookInstaller.class);
  private static final String DESCRIPTION = "Cinch";
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
    List<ForgeHooks.Hook> ours =
        all.hooks().stream().filter(found -> urls.isOurs(found.url())).toList();
    if (all.unread() > 0 && !isThere(repositoryId, ours)) {
      throw unread(all.unread());
    }
    Optional<Hook> usable = usable(repositoryId, order, ours);
    Installed installed =
        usable.isPresent() ? mended(usable.get(), order, ours) : made(repositoryId, order);
    if (installed instanceof Installed.OnForge(UUID hookId)) {
      removeOthers(hookId, credential, address, ours);
    }
    return installed;
  }

  private boolean isThere(UUID repositoryId, List<ForgeHooks.Hook> ours) {
    return hooks.ofRepository(repositoryId).flatMap(hook -> onForge(hook, ours)).isPresent();
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
  private Optional<Hook> usable(UUID repositoryId, ConnectOrder order, List<ForgeHooks.Hook> ours) {
    Optional<Hook> row = hooks.ofRepository(repositoryId);
    boolean good =
        row.filter(Hook::managed)
            .filter(hook -> hook.allowUnsigned() == order.allowUnsigned())
            .filter(hook -> hook.uuids().isEmpty() || onForge(hook, ours).isPresent())
            .isPresent();
    if (good) {
      return row;
    }
    row.ifPresent(hook -> hooks.remove(hook.id()));
    return Optional.empty();
  }

  private Optional<ForgeHooks.Hook> onForge(Hook hook, List<ForgeHooks.Hook> ours) {
    List<ForgeHooks.Hook> there =
        ours.stream()
            .filter(found -> found.url().equals(urls.of(hook.id()).toString()))
            .filter(found -> hook.uuids().isEmpty() || isOne(hook.uuids().stream(), found))
            .toList();
    return there.stream()
        .filter(found -> isOne(hook.forgeUuid().stream(), found))
        .findFirst()
        .or(() -> there.stream().findFirst());
  }

  private static boolean isOne(Stream<HookUuid> of, ForgeHooks.Hook found) {
    return of.anyMatch(uuid -> uuid.value().equalsIgnoreCase(found.id()));
  }

  /** Whatever somebody changed about it on the forge: it is as we made it afterwards. */
  private Installed mended(Hook hook, ConnectOrder order, List<ForgeHooks.Hook> ours) {
    ForgeHooks.Request request = request(hook.id(), current(hook));
    ForgeHooks there = onForge(order.credential().id());
    return settle(
        hook.id(),
        order,
        onForge(hook, ours)
            .map(found -> there.update(order.repository(), found.id(), request))
            .orElseGet(() -> there.create(order.repository(), request)));
  }

  private Installed made(UUID repositoryId, ConnectOrder order) {
    NewHook hook =
        hooks
            .create(repositoryId, true, order.allowUnsigned())
            .orElseThrow(WebhookInstaller::raced);
    ForgeResult<ForgeHooks.Hook> made =
        onForge(order.credential().id())
            .create(order.repository(), request(hook.id(), hook.secret()));
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

  /** Has the forge sign with a new secret; deliveries under the one before stay valid an hour. */
  Secret resecret(Hook hook, UUID credential, ForgeRepository address) {
    Secret fresh = hooks.rotateSecret(hook.id()).orElseThrow(WebhookInstaller::raced);
    if (!hook.managed() || hook.forgeUuid().isEmpty()) {
      return fresh;
    }
    String id = hook.forgeUuid().get().value();
    try {
      ForgeAnswers.valueOf(
          onForge(credential).update(address, id, request(hook.id(), fresh)),
          "The webhook's secret could not be changed; connect the repository again to mend it.");
    } catch (Problem problem) {
      hooks.restoreSecret(hook.id());
      throw problem;
    }
    FurtherHooks.of(onForge(credential), address, hook, urls.of(hook.id()))
        .forEach(other -> resecretToo(hook, credential, address, other, fresh));
    return fresh;
  }

  /** One that was made again, and may be gone by now. */
  private void resecretToo(
      Hook hook, UUID credential, ForgeRepository address, String id, Secret fresh) {
    if (!(onForge(credential).update(address, id, request(hook.id(), fresh))
        instanceof ForgeResult.Done)) {
      log.warn("a further webhook has the old secret still, if it is there uuid={}", id);
    }
  }

  private ForgeHooks.Request request(UUID hookId, Secret secret) {
    return new ForgeHooks.Request(
        DESCRIPTION, urls.of(hookId).toString(), Set.copyOf(EVENTS), secret);
  }

  private static boolean isForbidden(ForgeResult<?> result) {
    return result instanceof ForgeResult.Refused<?> refused && refused.cause() == Cause.FORBIDDEN;
  }

  private static Problem raced() {
    return new Problem(
        409, "Being connected", "Somebody else is connecting this repository just now; try again.");
  }
}
