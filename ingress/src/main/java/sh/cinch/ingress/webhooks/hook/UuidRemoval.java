package sh.cinch.ingress.webhooks.hook;

/** What has come of forgetting a UUID of a hook. */
public enum UuidRemoval {
  REMOVED,

  /** A hook keeps its last one. */
  ONLY_ONE,

  /** The hook has no such UUID. */
  NONE
}
