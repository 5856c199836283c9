package sh.cinch.bitbucket.webhook;

/** The kinds of refs that are built. */
public enum RefType {
  BRANCH("refs/heads/"),
  TAG("refs/tags/");

  private final String prefix;

  RefType(String prefix) {
    this.prefix = prefix;
  }

  /** The ref's full name, e.g. {@code refs/heads/main}. */
  public String ref(String name) {
    return prefix + name;
  }
}
