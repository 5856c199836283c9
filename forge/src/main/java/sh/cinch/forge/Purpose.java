package sh.cinch.forge;

/** What a request to a forge is made for. Each purpose is counted by itself. */
public enum Purpose {
  STATUS(false),
  RELEASE(false),
  CONNECTING(true),
  /** What connected repositories are called by now. */
  NAMES(false),
  /** A page, or an answer of the API, that somebody looks at. */
  PAGE(true),
  /** Whether a release can be, before it is asked for; a dry run is nothing else. */
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
