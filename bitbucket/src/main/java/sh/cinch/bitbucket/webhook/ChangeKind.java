package sh.cinch.bitbucket.webhook;

/** What a push did to one ref. */
public enum ChangeKind {
  CREATED,
  UPDATED,
  DELETED
}
