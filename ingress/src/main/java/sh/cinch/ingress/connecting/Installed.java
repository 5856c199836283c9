package sh.cinch.ingress.connecting;

import java.util.Optional;
import java.util.UUID;
import sh.cinch.service.secret.Secret;

/** The webhook of a repository that is being connected, and who makes it. */
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
