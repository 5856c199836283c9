package sh.cinch.forge;

import sh.cinch.schema.event.WaitingFor;

/** Why a call to a forge, or the work around it, has not come to its end. */
public enum Cause {
  /** A person has to authorize anew. */
  AUTHORIZATION,
  /** The token-service lends nothing now. */
  LEASE,
  /** The forge does not answer as it should. */
  FORGE,
  /** The forge allows no more requests for a while. */
  RATE_LIMIT,
  /** The forge does not know what the call is about: a commit, a tag, a repository. */
  NOT_FOUND,
  /** The repository is not connected with Cinch any more. */
  DISCONNECTED,
  /** The credential may not do this. */
  FORBIDDEN,
  /** Another account made what is there, and may alone change it. */
  OWNERSHIP,
  /** The forge takes no such request, now or ever. */
  INVALID,
  /** The source of a file does not answer as it should. */
  SOURCE;

  /** What readers are told to wait for. */
  public WaitingFor waitingFor() {
    return switch (this) {
      case RATE_LIMIT -> WaitingFor.RATE_LIMIT;
      case AUTHORIZATION -> WaitingFor.AUTHORIZATION;
      case NOT_FOUND -> WaitingFor.COMMIT;
      case SOURCE -> WaitingFor.SOURCE;
      case LEASE, FORGE, DISCONNECTED, FORBIDDEN, OWNERSHIP, INVALID -> WaitingFor.BITBUCKET;
    };
  }
}
