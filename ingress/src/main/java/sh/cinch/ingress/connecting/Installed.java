package sh.cinch.ingress.connecting;

import java.util.Optional;
import java.util.UUID;
import sh.cinch.service.secret.Secret;

/** What became of the webhook of a repository that is being connected. */
sealed interface Installed {

  /** It is on Bitbucket, with our secret. */
  record OnForge(UUID hookId) implements Installed {}

  /**
   * The credential may not make webhooks: a person has to.
   *
   * @param secret for that person; empty where their hook is known to work
   */
  record ByHand(UUID hookId, Optional<Secret> secret) implements Installed {}
}
