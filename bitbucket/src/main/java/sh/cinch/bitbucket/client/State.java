package sh.cinch.bitbucket.client;

/** The states a commit status has on Bitbucket; it knows neither pending nor cancelled. */
public enum State {
  INPROGRESS,
  SUCCESSFUL,
  FAILED,
  /** Ends INPROGRESS, but may still hold up a merge check. */
  STOPPED
}
