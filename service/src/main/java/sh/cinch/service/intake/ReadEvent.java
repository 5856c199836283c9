package sh.cinch.service.intake;

import sh.cinch.schema.event.Repository;
import sh.cinch.service.kafka.Incoming;

/** A record about a repository, read. */
public sealed interface ReadEvent<E> {

  /** Of a repository that Cinch serves. */
  record Served<E>(Incoming record, Repository repository, E event) implements ReadEvent<E> {}

  /** Nothing is wrong with it, but its repository was disconnected. */
  record Unserved<E>(Incoming record, Repository repository, E event) implements ReadEvent<E> {}

  /**
   * Nothing can be done with it as it is.
   *
   * @param reason for the person who sent it: what is wrong and what to do
   */
  record Bad<E>(Incoming record, Fault fault, String reason) implements ReadEvent<E> {}

  /** Why a record becomes a dead letter, as a metric's tag. */
  enum Fault {
    MALFORMED,
    UNKNOWN_REPOSITORY,
    TOO_OLD,
    REFUSED
  }
}
