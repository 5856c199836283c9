package sh.cinch.ingress;

import java.util.Set;

/** What an instance of the ingress can be there for; each role must run somewhere. */
public enum Role {
  /** Receives deliveries, and sends what any instance has put into the outbox. */
  WEBHOOKS,
  /** Pages, API, connecting, artifacts. */
  WEB,
  /**
   * Copies what others decide, asks what repositories are called, removes what has had its time.
   */
  PROJECTIONS;

  public static final Set<Role> ALL = Set.of(values());
}
