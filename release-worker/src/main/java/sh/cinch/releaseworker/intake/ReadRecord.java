package sh.cinch.releaseworker.intake;

import sh.cinch.releaseworker.releases.ReceivedRelease;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.Repository;

/** What a record turned out to be. */
sealed interface ReadRecord {

  /** A release of a repository that Cinch serves. */
  record Usable(ReceivedRelease arrival) implements ReadRecord {}

  /**
   * Nothing can be done with it as it is.
   *
   * @param reason for whoever sent it: what is wrong and what to do
   */
  record Bad(Fault fault, String reason) implements ReadRecord {}

  /**
   * Whoever asked can be told that it cannot be carried out.
   *
   * @param mendable whether the record is put away for a person to mend
   */
  record Refused(Repository repository, ReleaseRequest request, String reason, boolean mendable)
      implements ReadRecord {}

  /** Why it is bad, as a metric's tag. */
  enum Fault {
    MALFORMED,
    UNKNOWN_REPOSITORY,
    REFUSED
  }
}
