package sh.cinch.forge;

/** What a request to a forge is made for. Each purpose is counted by itself. */
public enum Purpose {
  STATUS(false),
  /** Releases, from looking whether one can be. */
  RELEASE(false),
  CONNECTING(true),
  /** What connected repositories are called by now. */
  NAMES(false),
  /** A page, or an answer of the API, that somebody looks at. */
  PAGE(true),
  /** A dry run: what a release would do. */
  RELEASE_CHECK(true);

  private final boolean onDemand;

  Purpose(boolean onDemand) {
    this.onDemand = onDemand;
  }

  /** Whether people and programs bring it about as often as they like. */
  public boolean isOnDemand() {
    return onDemand;
  }
}
