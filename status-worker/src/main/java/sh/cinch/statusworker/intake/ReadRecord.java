package sh.cinch.statusworker.intake;

import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.Repository;
import sh.cinch.statusworker.statuses.ReceivedBuildState;

/** What a record turned out to be. */
sealed interface ReadRecord {

  /** A build state of a repository that Cinch serves. */
  record Usable(ReceivedBuildState arrival) implements ReadRecord {}

  /**
   * Nothing can be done with it as it is.
   *
   * @param reason for whoever sent it: what is wrong and what to do
   */
  record Bad(Fault fault, String reason) implements ReadRecord {}

  /** Nothing is wrong with it, but its repository was disconnected. */
  record Unserved(Repository repository, BuildState build) implements ReadRecord {}

  /** Why it is bad, as a metric's tag. */
  enum Fault {
    MALFORMED,
    UNKNOWN_REPOSITORY
  }
}
