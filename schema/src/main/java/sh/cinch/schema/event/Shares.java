package sh.cinch.schema.event;

/** How much one repository may have kept; far more than anybody needs who means well. */
public final class Shares {

  /** Statuses of one commit: keys, and refs of each. */
  public static final int STATUSES_OF_A_COMMIT = 500;

  /** Build states reported for one commit, of all its statuses. */
  public static final int BUILD_STATES_OF_A_COMMIT = 10_000;

  /** Releases of a repository that have not ended. */
  public static final int RELEASES_UNDER_WAY = 100;

  private Shares() {}
}
