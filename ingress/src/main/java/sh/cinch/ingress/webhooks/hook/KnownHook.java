package sh.cinch.ingress.webhooks.hook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;
import sh.cinch.bitbucket.webhook.HookUuid;

/**
 * A hook with all that a delivery through it is held against.
 *
 * @param key what its deliveries are signed with
 * @param previous what they may still be signed with, for a while
 */
public record KnownHook(
    Hook hook, HookedRepository repository, SecretKey key, Optional<Previous> previous) {

  /** A key that was replaced. */
  public record Previous(SecretKey key, Instant until) {}

  /**
   * The repository whose hook it is.
   *
   * @param id Cinch's own
   * @param uuid the forge's
   * @param fullName as the forge last called it
   */
  public record HookedRepository(UUID id, String forge, String uuid, String fullName) {}

  KnownHook with(HookUuid uuid) {
    return new KnownHook(hook.with(uuid), repository, key, previous);
  }

  public List<SecretKey> keysAt(Instant now) {
    return previous
        .filter(old -> now.isBefore(old.until()))
        .map(old -> List.of(key, old.key()))
        .orElseGet(() -> List.of(key));
  }
}
