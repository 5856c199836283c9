package sh.cinch.releaseworker.forge;

/** What a release or one of its files waits for. */
public enum Obstacle {
  /** A person has to authorize anew. */
  AUTHORIZATION,
  /** The token-service lends nothing now. */
  LEASE,
  /** Bitbucket does not answer as it should. */
  BITBUCKET,
  /** Bitbucket allows no more requests for a while. */
  RATE_LIMIT,
  /** Bitbucket does not know the tag yet. */
  TAG,
  /** The file's source does not answer as it should. */
  SOURCE
}
