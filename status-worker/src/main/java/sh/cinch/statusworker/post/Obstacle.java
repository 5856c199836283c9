package sh.cinch.statusworker.post;

/** What a status waits for. */
enum Obstacle {
  /** A person has to authorize anew. */
  AUTHORIZATION,
  /** The token-service lends nothing now. */
  LEASE,
  /** Bitbucket does not answer as it should. */
  BITBUCKET,
  /** Bitbucket allows no more requests for a while. */
  RATE_LIMIT,
  /** Bitbucket does not know the commit yet. */
  COMMIT
}
