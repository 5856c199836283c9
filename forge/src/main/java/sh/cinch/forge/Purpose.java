package sh.cinch.forge;

/** What a request to a forge is made for. Each purpose is counted by itself. */
public enum Purpose {
  /** A commit status that says how a build ended. */
  FINAL_STATUS(Priority.FINAL, false),
  /** A commit status of a build that has not ended. */
  START_STATUS(Priority.START, false),
  /** Releases, from looking whether one can be. */
  RELEASE(Priority.RELEASE, false),
  /** A runner fetches what it builds. */
  CLONE(Priority.START, false),
  CONNECTING(Priority.LOOK, true),
  /** What connected repositories are called by now. */
  NAMES(Priority.LOOK, false),
  /** A page, or an answer of the API, that somebody looks at. */
  PAGE(Priority.LOOK, true),
  /** A dry run: what a release would do. */
  RELEASE_CHECK(Priority.LOOK, true),
  /** Whether the heads of a repository are those that its deliveries brought. */
  RECONCILING(Priority.RECONCILE, false);

  private final Priority priority;
  private final boolean onDemand;

  Purpose(Priority priority, boolean onDemand) {
    this.priority = priority;
    this.onDemand = onDemand;
  }

  public Priority priority() {
    return priority;
  }

  /** Whether people and programs bring it about as often as they like. */
  public boolean isOnDemand() {
    return onDemand;
  }
}
