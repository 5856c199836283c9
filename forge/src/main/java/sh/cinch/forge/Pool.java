package sh.cinch.forge;

/** Requests that a forge counts together against one limit. */
public enum Pool {
  /** Whatever lies in a repository: statuses, refs, downloads, the repository itself. */
  REPOSITORIES(1),
  WEBHOOKS(1),
  /** Git over HTTPS. */
  GIT(60);

  private final int timesTheLimit;

  Pool(int timesTheLimit) {
    this.timesTheLimit = timesTheLimit;
  }

  /**
   * What the forge takes of one identity in an hour here, as it documents that.
   *
   * @param limit what it takes of requests to its API
   */
  public int hourly(int limit) {
    return limit * timesTheLimit;
  }
}
