package sh.cinch.statusworker.intake;

import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.statusworker.statuses.ReceivedBuildState;

/** A record, read. */
sealed interface ReadRecord {

  /** A build state of a repository that Cinch serves. */
  record Usable(ReceivedBuildState received) implements ReadRecord {}

  /**
   * Nothing can be done with it as it is.
   *
   * @param reason for the person who sent it: what is wrong and what to do
   */
  record Bad(Incoming record, Fault fault, String reason) implements ReadRecord {}

  /** Nothing is wrong with it, but its repository was disconnected. */
  record Unserved(Incoming record, Repository repository, BuildState build) implements ReadRecord {}

  /** Why it is bad, as a metric's tag. */
  enum Fault {
    MALFORMED,
    UNKNOWN_REPOSITORY
  }
}
