package sh.cinch.forge;

/** Who goes before whom where little is left of what a forge takes of an account in an hour. */
public enum Priority {
  /** States that end a build. */
  FINAL(20, 0),
  /** States of builds that have not ended. */
  START(10, 0),
  RELEASE(10, 5),
  /** Whatever somebody only wants to see, or set up. */
  LOOK(0, 5),
  /** Finding what was missed. */
  RECONCILE(0, 5);

  private final int left;
  private final int own;

  Priority(int left, int own) {
    this.left = left;
    this.own = own;
  }

  /** So many of 100 requests are left for it by all that come after it. */
  public int left() {
    return left;
  }

  /** So many of 100 requests are its own: nobody else takes them. */
  public int own() {
    return own;
  }
}
