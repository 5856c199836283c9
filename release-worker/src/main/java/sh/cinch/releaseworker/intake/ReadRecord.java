package sh.cinch.releaseworker.intake;

import sh.cinch.releaseworker.releases.ReceivedRelease;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.kafka.Incoming;

/** A record, read. */
sealed interface ReadRecord {

  /** A release of a repository that Cinch serves. */
  record Usable(ReceivedRelease received) implements ReadRecord {}

  /**
   * Nothing can be done with it as it is.
   *
   * @param reason for the person who sent it: what is wrong and what to do
   */
  record Bad(Incoming record, Fault fault, String reason) implements ReadRecord {}

  /**
   * It cannot be carried out, and an outcome can say so.
   *
   * @param mendable whether the record is put away for a person to mend
   */
  record Refused(
      Incoming record,
      Repository repository,
      ReleaseRequest request,
      String reason,
      boolean mendable)
      implements ReadRecord {}

  /** Why it is bad, as a metric's tag. */
  enum Fault {
    MALFORMED,
    UNKNOWN_REPOSITORY,
    REFUSED
  }
}
