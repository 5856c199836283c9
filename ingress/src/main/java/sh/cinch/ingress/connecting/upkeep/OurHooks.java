package sh.cinch.ingress.connecting.upkeep;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.forge.ForgeHooks;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.HookUrl;
import sh.cinch.ingress.webhooks.hook.Hooks;

/**
 * Tells which of the webhooks that a forge lists for a repository are ours: by what they are, not
 * by the address that Cinch has now. One is where its URL names a hook of this repository, under an
 * address that Cinch has or had, or with a UUID that is known; and the one that Cinch made stays
 * ours, wherever somebody has it lead.
 *
 * @param hook that the repository has now
 * @param ids of all hooks that the repository has had
 * @param addresses that Cinch has and had
 * @param made the webhook that Cinch made for the present hook; empty where it made none
 */
public record OurHooks(
    Optional<Hook> hook, Set<UUID> ids, Set<String> addresses, Optional<HookUuid> made) {

  public OurHooks {
    ids = Set.copyOf(ids);
    addresses = Set.copyOf(addresses);
  }

  /** Of a repository, by Cinch's id. */
  public static OurHooks of(Hooks hooks, Addresses addresses, UUID repository) {
    Optional<Hook> hook = hooks.ofRepository(repository);
    return new OurHooks(
        hook,
        hooks.everOf(repository),
        addresses.all(),
        hook.filter(Hook::managed).flatMap(managed -> made(hooks, managed)));
  }

  /** What the first delivery has told is a header's word, which nobody signs. */
  private static Optional<HookUuid> made(Hooks hooks, Hook hook) {
    return hook.forgeUuid()
        .filter(
            uuid ->
                hooks.uuids(hook).stream()
                    .filter(seen -> seen.uuid().equals(uuid))
                    .allMatch(seen -> seen.firstSeenAt().isEmpty()));
  }

  /** Those that are ours, the one to keep first. */
  public List<ForgeHooks.Hook> among(Collection<ForgeHooks.Hook> listed) {
    return listed.stream()
        .filter(this::isOurs)
        .sorted(
            Comparator.comparing(this::leadsHere)
                .thenComparing(ForgeHooks.Hook::active)
                .thenComparing(found -> isOne(hook.flatMap(Hook::forgeUuid), found))
                .thenComparing(this::isKnown)
                .reversed())
        .toList();
  }

  public boolean isOurs(ForgeHooks.Hook found) {
    return isOne(made, found)
        || HookUrl.read(found.url())
            .filter(url -> ids.contains(url.hook()))
            .filter(url -> addresses.contains(url.address()) || isKnown(found))
            .isPresent();
  }

  /** Whether it is the present hook's, under whatever address. */
  public boolean leadsHere(ForgeHooks.Hook found) {
    return HookUrl.read(found.url())
        .filter(url -> hook.map(Hook::id).equals(Optional.of(url.hook())))
        .isPresent();
  }

  boolean isKnown(ForgeHooks.Hook found) {
    return hook.stream()
        .flatMap(present -> present.uuids().stream())
        .anyMatch(uuid -> isOne(Optional.of(uuid), found));
  }

  public static boolean isOne(Optional<HookUuid> uuid, ForgeHooks.Hook found) {
    return uuid.filter(one -> one.value().equalsIgnoreCase(found.id())).isPresent();
  }
}
