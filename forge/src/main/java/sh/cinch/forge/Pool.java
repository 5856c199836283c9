package sh.cinch.forge;

/** Requests that a forge counts together against one limit. */
public enum Pool {
  /** Whatever lies in a repository: statuses, refs, downloads, the repository itself. */
  REPOSITORIES,
  WEBHOOKS
}
