package sh.cinch.forge;

/** What a request to a forge is made for. Each purpose is counted by itself. */
public enum Purpose {
  STATUS,
  RELEASE,
  CONNECTING,
  /** What connected repositories are called by now. */
  NAMES,
  /** A page, or an answer of the API, that somebody looks at. */
  PAGE
}
